-- Set against each other by EXCEPT, which no plan makes quadratic. An invoice with another day or
-- account stands out as well: its month is marked in any case.

create or replace function calc.mark_attribution()
returns trigger
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  insert into calc.dirty (month)
  select distinct date_trunc('month', n.doc_date::timestamp)::date
  from (
    select
      n.account_id, n.invoice_id, n.doc_date, n.salesperson_id, n.region_id, n.agency_id
    from new_rows n
    except
    select
      o.account_id, o.invoice_id, o.doc_date, o.salesperson_id, o.region_id, o.agency_id
    from old_rows o
  ) n;
  return null;
end
$$;

comment on function calc.mark_attribution() is
  'After each update of doc.invoice: marks the months of invoices that went to another salesperson, region or agency. What the engine works with it marks itself.';

create or replace trigger t90_mark_update
after update on doc.invoice
referencing old table as old_rows new table as new_rows
for each statement execute function calc.mark_attribution();
