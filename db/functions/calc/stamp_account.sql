create or replace function calc.stamp_account()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  new.changed_at := clock_timestamp();
  return new;
end
$$;

comment on function calc.stamp_account() is
  'Says when an account last changed. A row trigger, but one row an account and statement, not one a document.';

create or replace trigger t10_stamp
before update on calc.account
for each row execute function calc.stamp_account();
