-- Everything belongs to rasid_owner, who can't log in; whoever migrates is a member of it.

do $$
declare
  v_statement text;
begin
  for v_statement in
    with schema as (
      select n.oid, n.nspname, n.nspowner
      from pg_catalog.pg_namespace as n
      where n.nspname in ('rasid', 'ref', 'doc', 'inbox', 'calc', 'bi', 'mobile', 'audit', 'desk')
    )
    select format('alter schema %I owner to rasid_owner', s.nspname)
    from schema as s
    where s.nspowner <> 'rasid_owner'::regrole
    union all
    select format(
      'alter %s %I.%I owner to rasid_owner',
      case c.relkind
        when 'v' then 'view'
        when 'm' then 'materialized view'
        when 'S' then 'sequence'
        when 'c' then 'type'
        else 'table'
      end,
      s.nspname, c.relname
    )
    from pg_catalog.pg_class as c
    join schema as s on s.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'v', 'm', 'S', 'c')
      and c.relowner <> 'rasid_owner'::regrole
      -- A sequence of a column goes with its table.
      and not exists (
        select
        from pg_catalog.pg_depend as d
        where d.classid = 'pg_class'::regclass
          and d.objid = c.oid
          and d.deptype in ('a', 'i', 'e')
          and c.relkind = 'S'
      )
    union all
    select format('alter routine %s owner to rasid_owner', p.oid::regprocedure)
    from pg_catalog.pg_proc as p
    join schema as s on s.oid = p.pronamespace
    where p.proowner <> 'rasid_owner'::regrole and p.prokind <> 'a'
    union all
    select format('alter aggregate %s owner to rasid_owner', p.oid::regprocedure)
    from pg_catalog.pg_proc as p
    join schema as s on s.oid = p.pronamespace
    where p.proowner <> 'rasid_owner'::regrole and p.prokind = 'a'
    union all
    select format('alter domain %I.%I owner to rasid_owner', s.nspname, t.typname)
    from pg_catalog.pg_type as t
    join schema as s on s.oid = t.typnamespace
    where t.typowner <> 'rasid_owner'::regrole and t.typtype = 'd'
  loop
    execute v_statement;
  end loop;
end
$$;

alter default privileges for role rasid_owner revoke execute on functions from public;
alter default privileges for role rasid_owner revoke usage on types from public;
