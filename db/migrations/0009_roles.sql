-- Roles, siblings of one another, without login: logins are made members of them. They belong to
-- the server, not to the database, so they may be there already. What each may do is in db/grants.

do $$
declare
  v_role record;
  v_missing text[] := '{}';
begin
  for v_role in
    select r.name, r.says
    from (
      values
        ('rasid_owner', 'Owns the tables and functions of Rasid.'),
        ('rasid_integrator', 'Rasid: writes documents, the inbox, parties and accounts.'),
        ('rasid_finance', 'Rasid: the finance desk; documents, terms, period lock, month-end.'),
        ('rasid_bi', 'Rasid: reads bi.'),
        ('rasid_mobile', 'Rasid: reads mobile.'),
        ('rasid_auditor', 'Rasid: reads everything, writes nothing.')
    ) as r (name, says)
    where to_regrole(r.name) is null
  loop
    begin
      execute format('create role %I nologin', v_role.name);
      execute format('comment on role %I is %L', v_role.name, v_role.says);
    exception
      when duplicate_object or unique_violation then
        null;  -- another database of this server is being migrated
      when insufficient_privilege then
        v_missing := v_missing || v_role.name;
    end;
  end loop;

  if v_missing <> '{}' then
    raise exception using
      errcode = '42501',
      message = format(
        'the roles %s are missing and %s may not create roles',
        array_to_string(v_missing, ', '), current_user
      ),
      hint = format(
        'Let an administrator of the server run, then migrate again: %s grant rasid_owner to %I;',
        (
          select string_agg(format('create role %I nologin;', m.name), ' ')
          from unnest(v_missing) as m (name)
        ),
        current_user
      );
  end if;

  -- Who makes a role may give it to others, but is a member only by a grant (PostgreSQL 16).
  if not pg_has_role(current_user, 'rasid_owner', 'usage') then
    begin
      execute format('grant rasid_owner to %I', current_user);
    exception
      when insufficient_privilege or invalid_grant_operation then
        raise exception using
          errcode = '42501',
          message = format('%s is not a member of rasid_owner', current_user),
          hint = format(
            'Let an administrator of the server run, then migrate again: grant rasid_owner to %I;',
            current_user
          );
    end;
  end if;
end
$$;
