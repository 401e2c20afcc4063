create or replace view mobile.cheque
with (security_barrier = true)
as
select
  q.account_id,
  q.cheque_id,
  q.sayad_id,
  q.serial_no,
  q.bank,
  q.doc_date::date as doc_date,
  q.due_date::date as due_date,
  q.amount::numeric as amount,
  q.status,
  q.status_date::date as status_date,
  q.updated_at as changed_at
from ref.party p
join ref.account a on a.party_id = p.party_id
join doc.cheque q on q.account_id = a.account_id
where p.salesperson_id = (select mobile.salesperson_id())
  and a.side = 'receivable'
  and q.kind = 'payment'
  and (
    q.status in ('submitted', 'in_hand', 'deposited', 'endorsed', 'bounced')
    or q.status_date > (select calc.today()) - 90
  );

comment on view mobile.cheque is
  'Cheques of the customers of the salesperson who asks: those without an end, and those whose end (cleared, returned, void) is not older than 90 days. Key: account_id, cheque_id.';
comment on column mobile.cheque.account_id is 'The account, as in mobile.customer.';
comment on column mobile.cheque.cheque_id is 'The cheque; with account_id the key for paging.';
comment on column mobile.cheque.sayad_id is 'The 16-digit Sayad number.';
comment on column mobile.cheque.serial_no is 'Serial number on the paper.';
comment on column mobile.cheque.bank is 'Bank it is drawn on.';
comment on column mobile.cheque.doc_date is 'The day it was handed over.';
comment on column mobile.cheque.due_date is 'The day written on it.';
comment on column mobile.cheque.amount is 'Amount written on it.';
comment on column mobile.cheque.status is
  'submitted, in_hand, deposited, cleared, bounced, endorsed, returned or void.';
comment on column mobile.cheque.status_date is 'The day of that state.';
comment on column mobile.cheque.changed_at is 'When the cheque was last written.';
