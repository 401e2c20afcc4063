create or replace function ref.keep_currency_unit()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    perform ref.refuse('RS107', format('the unit of %s is not changed from an old snapshot', old.code));
  end if;

  -- Accounts being opened in the currency are waited for (their foreign key locks it), and invoices
  -- being written; the rare change of a unit can afford it.
  perform from ref.currency as c where c.code = old.code for update;
  lock table doc.invoice in share mode;

  if exists (
    select
    from ref.account as a
    join doc.invoice as i on i.account_id = a.account_id
    where a.currency = old.code
  ) then
    perform ref.refuse('RS105', format('there are invoices in %s', old.code));
  end if;

  -- Who then writes an invoice from an older snapshot, in shares of the old unit, comes too late.
  update calc.account as k
  set change_count = k.change_count + 1
  from ref.account as a
  where a.currency = old.code
    and k.account_id = a.account_id;

  return new;
end
$$;

comment on function ref.keep_currency_unit() is
  'Refuses (RS105) another unit for a currency in which there are invoices, and (RS107) any but in a READ COMMITTED transaction, which sees them all.';

create or replace trigger t20_keep_unit before update on ref.currency
for each row
when (new.unit <> old.unit)
execute function ref.keep_currency_unit();

alter table ref.currency enable always trigger t20_keep_unit;
