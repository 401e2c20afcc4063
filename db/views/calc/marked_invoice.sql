-- "offset 0" keeps the planner on the way from the month to its invoices: the cost is that of the
-- marked months, never of the book.
create or replace view calc.marked_invoice as
select
  i.account_id,
  i.invoice_id,
  m.month,
  i.doc_date,
  i.salesperson_id,
  i.region_id,
  i.agency_id,
  i.amount
from calc.marked_month m
cross join lateral (
  select
    i.account_id,
    i.invoice_id,
    i.doc_date::date as doc_date,
    i.salesperson_id,
    i.region_id,
    i.agency_id,
    i.amount::numeric as amount
  from doc.invoice i
  where i.doc_date >= m.month
    and i.doc_date < (m.month + interval '1 month')::date
  offset 0
) i;

comment on view calc.marked_invoice is
  'Invoices of the months that are marked: what a reader computes live. Key: account_id, invoice_id.';
