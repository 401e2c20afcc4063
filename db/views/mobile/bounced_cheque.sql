create or replace view mobile.bounced_cheque
with (security_barrier = true)
as
select
  q.account_id,
  q.cheque_id,
  q.sayad_id,
  q.serial_no,
  q.bank,
  q.due_date::date as due_date,
  q.amount::numeric as amount,
  greatest(q.amount - coalesce(d.amount, 0), 0) as owed_amount,
  q.status_date::date as bounced_on,
  (select calc.today()) - q.status_date as days_bounced,
  greatest(q.updated_at, k.changed_at) as changed_at
from ref.party p
join ref.account a on a.party_id = p.party_id
join calc.account k on k.account_id = a.account_id
join doc.cheque q on q.account_id = a.account_id
left join lateral (
  select sum(d.amount) as amount
  from doc.payment d
  where d.account_id = q.account_id
    and d.cheque_id = q.cheque_id
    and d.status = 'approved'
) d on true
where p.salesperson_id = (select mobile.salesperson_id())
  and a.side = 'receivable'
  and q.kind = 'payment'
  and q.status = 'bounced';

comment on view mobile.bounced_cheque is
  'Payment cheques now bounced of the customers of the salesperson who asks. Key: account_id, cheque_id.';
comment on column mobile.bounced_cheque.account_id is 'The account, as in mobile.customer.';
comment on column mobile.bounced_cheque.cheque_id is 'The cheque; with account_id the key for paging.';
comment on column mobile.bounced_cheque.sayad_id is 'The 16-digit Sayad number.';
comment on column mobile.bounced_cheque.serial_no is 'Serial number on the paper.';
comment on column mobile.bounced_cheque.bank is 'Bank it is drawn on.';
comment on column mobile.bounced_cheque.due_date is 'The day written on it.';
comment on column mobile.bounced_cheque.amount is 'Amount written on it.';
comment on column mobile.bounced_cheque.owed_amount is 'amount less the approved parts that the bank paid of it.';
comment on column mobile.bounced_cheque.bounced_on is 'The day it bounced.';
comment on column mobile.bounced_cheque.days_bounced is 'Days since then.';
comment on column mobile.bounced_cheque.changed_at is
  'The later of the change of the cheque and that of the account. One made good or handed back is gone from here and stays for a while in mobile.cheque.';
