-- Asked inside: a WHEN clause of the trigger is read from its text in each statement, which costs more.

create or replace function audit.sign()
returns trigger
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_name constant text := nullif(current_setting('rasid.user', true), '');
begin
  if v_name <> session_user then
    insert into audit.signature (name)
    select v_name
    where not exists (
      select
      from audit.signature as s
      where s.signed_at = now() and s.name = v_name and s.transaction_id = pg_current_xact_id()
    );
  end if;

  return null;
end
$$;

comment on function audit.sign() is
  'After new documents were written under the name of rasid.user: keeps the login that gave it, once a transaction.';

do $$
declare
  v_table regclass;
begin
  for v_table in
    select c.oid
    from pg_catalog.pg_class as c
    where c.relnamespace = 'doc'::regnamespace and c.relkind = 'r'
  loop
    execute format(
      'create or replace trigger t60_audit_insert after insert on %s
       for each statement execute function audit.sign()',
      v_table
    );
  end loop;
end
$$;
