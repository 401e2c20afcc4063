create or replace view mobile.open_invoice
with (security_barrier = true)
as
select
  a.account_id,
  i.invoice_id,
  i.doc_no,
  i.doc_date::date as doc_date,
  o.due_date,
  i.amount::numeric as amount,
  o.open_amount,
  o.overdue_amount,
  greatest(t.today - o.due_date, 0) as days_past_due,
  not i.auto_allocate as is_disputed,
  greatest(i.updated_at, k.changed_at) as changed_at
from ref.party p
join ref.account a on a.party_id = p.party_id
join calc.account k on k.account_id = a.account_id
cross join calc.this_day t
cross join lateral (
  select
    l.invoice_id,
    min(l.due_date) as due_date,
    sum(l.open_amount) as open_amount,
    coalesce(sum(l.open_amount) filter (where l.due_date < t.today), 0) as overdue_amount
  from calc.line l
  where l.account_id = a.account_id
    and l.is_open
  group by l.invoice_id
) o
join doc.invoice i on i.account_id = a.account_id and i.invoice_id = o.invoice_id
where p.salesperson_id = (select mobile.salesperson_id())
  and a.side = 'receivable';

comment on view mobile.open_invoice is
  'Each invoice with something open of the customers of the salesperson who asks. Key: account_id, invoice_id.';
comment on column mobile.open_invoice.account_id is 'The account, as in mobile.customer.';
comment on column mobile.open_invoice.invoice_id is 'The invoice; with account_id the key for paging.';
comment on column mobile.open_invoice.doc_no is 'Number of the invoice.';
comment on column mobile.open_invoice.doc_date is 'Day of the invoice.';
comment on column mobile.open_invoice.due_date is 'Earliest due date with something open.';
comment on column mobile.open_invoice.amount is 'Amount of the invoice.';
comment on column mobile.open_invoice.open_amount is 'What is still open of it.';
comment on column mobile.open_invoice.overdue_amount is 'The part of open_amount due before today.';
comment on column mobile.open_invoice.days_past_due is 'Days since due_date; 0: not yet due.';
comment on column mobile.open_invoice.is_disputed is 'Kept from automatic allocation.';
comment on column mobile.open_invoice.changed_at is
  'The later of the change of the document and that of the account. A settled invoice is gone: take the open invoices of a changed account anew.';
