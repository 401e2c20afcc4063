-- No two documents of an account have one id
select d.account_id, d.document_id, count(*) as documents
from (
  select i.account_id, i.invoice_id as document_id from doc.invoice as i
  union all
  select p.account_id, p.payment_id from doc.payment as p
  union all
  select q.account_id, q.cheque_id from doc.cheque as q
  union all
  select n.account_id, n.credit_note_id from doc.credit_note as n
  union all
  select d.account_id, d.adjustment_id from doc.adjustment as d
  union all
  select s.account_id, s.set_off_id from doc.set_off as s
) as d
group by d.account_id, d.document_id
having count(*) > 1;
