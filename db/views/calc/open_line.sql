create or replace view calc.open_line as
select
  l.account_id,
  l.invoice_id,
  l.line_no,
  a.side,
  a.currency,
  i.salesperson_id,
  i.region_id,
  i.agency_id,
  a.risk_days,
  l.is_auto,
  l.doc_date,
  l.due_date,
  l.open_amount,
  t.today - l.doc_date as days_old,
  t.today - l.due_date as days_past_due
from calc.line l
join ref.account a on a.account_id = l.account_id
join doc.invoice i on i.account_id = l.account_id and i.invoice_id = l.invoice_id
cross join calc.this_day t
where l.is_open;

comment on view calc.open_line is
  'Lines with something open, with whom their invoice belongs to and how old they are today. Key: account_id, invoice_id, line_no.';
