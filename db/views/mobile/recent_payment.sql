create or replace view mobile.recent_payment
with (security_barrier = true)
as
select
  d.account_id,
  d.payment_id,
  d.method,
  d.doc_no,
  d.doc_date::date as doc_date,
  d.amount::numeric as amount,
  d.status,
  d.updated_at as changed_at
from ref.party p
join ref.account a on a.party_id = p.party_id
join doc.payment d on d.account_id = a.account_id
where p.salesperson_id = (select mobile.salesperson_id())
  and a.side = 'receivable'
  and d.doc_date > (select calc.today()) - 90;

comment on view mobile.recent_payment is
  'Payments of the last 90 days, in any state, of the customers of the salesperson who asks. Key: account_id, payment_id.';
comment on column mobile.recent_payment.account_id is 'The account, as in mobile.customer.';
comment on column mobile.recent_payment.payment_id is 'The payment; with account_id the key for paging.';
comment on column mobile.recent_payment.method is 'cash, transfer, card, deposit_slip or opening.';
comment on column mobile.recent_payment.doc_no is 'Number of the receipt.';
comment on column mobile.recent_payment.doc_date is 'Day of the receipt.';
comment on column mobile.recent_payment.amount is 'Amount received.';
comment on column mobile.recent_payment.status is 'pending, approved, rejected or void.';
comment on column mobile.recent_payment.changed_at is 'When the payment was last written.';
