create or replace function ref.keep_currency_unit()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  -- Invoices being written are waited for; the rare change of a unit can afford it.
  lock table doc.invoice in share mode;

  if exists (
    select
    from ref.account as a
    join doc.invoice as i on i.account_id = a.account_id
    where a.currency = old.code
  ) then
    perform ref.refuse('RS105', format('there are invoices in %s', old.code));
  end if;

  return new;
end
$$;

comment on function ref.keep_currency_unit() is
  'Refuses (RS105) another unit for a currency in which there are invoices.';

create or replace trigger t20_keep_unit before update on ref.currency
for each row
when (new.unit <> old.unit)
execute function ref.keep_currency_unit();

alter table ref.currency enable always trigger t20_keep_unit;
