create or replace function mobile.salesperson_id()
returns bigint
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_tied bigint;
  v_claims text := nullif(current_setting('request.jwt.claims', true), '');
  v_claim text;
  v_setting text := nullif(current_setting('rasid.salesperson_id', true), '');
begin
  select l.salesperson_id
  into v_tied
  from ref.salesperson_login l
  where l.login_name = session_user;
  if found then
    return v_tied;
  end if;

  if v_claims is not null then
    begin
      v_claim := v_claims::jsonb ->> 'salesperson_id';
    exception
      when data_exception then
        return null;
    end;
    -- A request that came with a token has what the token says, or nothing.
    if v_claim is null or v_setting <> v_claim then
      return null;
    end if;
    v_setting := v_claim;
  end if;
  if v_setting !~ '^[0-9]{1,18}$' then
    return null;
  end if;
  return v_setting::bigint;
end
$$;

comment on function mobile.salesperson_id() is
  'The salesperson who asks: of the login if ref.salesperson_login ties it to one, whatever else is said; else of the claim salesperson_id in request.jwt.claims, which the setting rasid.salesperson_id must not contradict; else of that setting. Null, which sees nothing: nobody is named, what is named is not an id, or the two contradict each other.';
