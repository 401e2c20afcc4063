create or replace function calc.keep_account()
returns trigger
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  r record;
begin
  if tg_op = 'INSERT' then
    insert into calc.account (account_id, policy)
    select n.account_id, n.policy
    from new_rows n;
    return null;
  end if;
  if tg_op = 'DELETE' then
    delete from calc.account a
    using old_rows o
    where a.account_id = o.account_id;
    return null;
  end if;
  for r in
    select n.account_id
    from (
      select n.account_id, n.policy, n.cheque_grace_days
      from new_rows n
      except
      select o.account_id, o.policy, o.cheque_grace_days
      from old_rows o
    ) n
    order by n.account_id
  loop
    perform calc.rebuild(r.account_id);
  end loop;
  return null;
end
$$;

comment on function calc.keep_account() is
  'Gives each new account its row in calc.account and takes it away with the account; computes an account again when its policy or cheque grace changes.';

create or replace trigger t50_keep_insert
after insert on ref.account
referencing new table as new_rows
for each statement execute function calc.keep_account();

create or replace trigger t50_keep_update
after update on ref.account
referencing old table as old_rows new table as new_rows
for each statement execute function calc.keep_account();

create or replace trigger t50_keep_delete
after delete on ref.account
referencing old table as old_rows
for each statement execute function calc.keep_account();
