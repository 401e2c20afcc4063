-- Other people: who a test acts as, and what they may not do.
grant usage on schema test to public;
grant usage on all sequences in schema test to public;

-- A session of a login of that role alone; null: again the owner of the tests. Undone at rollback.
create function test.act_as(p_role text)
returns void
language plpgsql
as $$
begin
  if p_role is null then
    reset session authorization;
  else
    execute format('set local session authorization %I', 'rasid_' || p_role);
  end if;
end
$$;

create function test.denied(p_sql text, p_description text)
returns text
language sql
as $$
  select is(test.refusal(p_sql), '42501', p_description)
$$;

-- For one statement only.
create function test.refusal_as(p_role text, p_sql text)
returns text
language plpgsql
as $$
declare
  v_refusal text;
begin
  perform test.act_as(p_role);
  v_refusal := test.refusal(p_sql);
  reset session authorization;
  return v_refusal;
end
$$;

create function test.denied_as(p_role text, p_sql text, p_description text)
returns text
language sql
as $$
  select is(test.refusal_as(p_role, p_sql), '42501', p_description)
$$;

create function test.accepted_as(p_role text, p_sql text, p_description text)
returns text
language sql
as $$
  select is(test.refusal_as(p_role, p_sql), 'not refused', p_description)
$$;
