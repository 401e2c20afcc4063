create or replace function doc.default_invoice()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  select
    coalesce(new.payment_term_id, a.payment_term_id),
    coalesce(new.salesperson_id, p.salesperson_id),
    coalesce(new.region_id, p.region_id),
    coalesce(new.agency_id, p.agency_id)
  into new.payment_term_id, new.salesperson_id, new.region_id, new.agency_id
  from ref.account as a
  join ref.party as p on p.party_id = a.party_id
  where a.account_id = new.account_id;

  return new;
end
$$;

create or replace trigger t20_default before insert on doc.invoice
for each row
when (
  new.payment_term_id is null
  or new.salesperson_id is null
  or new.region_id is null
  or new.agency_id is null
)
execute function doc.default_invoice();

comment on function doc.default_invoice() is
  'Gives a new invoice the payment term of its account and the salesperson, region and agency of its party, where it names none.';
