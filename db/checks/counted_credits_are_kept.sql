-- A document that counts is kept by the engine with its amount, and no other is
with counted as (
  select p.account_id, p.payment_id as credit_id, 'payment' as credit_type, p.amount::numeric
  from doc.payment as p
  where p.status = 'approved'
  union all
  select
    q.account_id,
    q.cheque_id,
    'cheque',
    greatest(
      q.amount - (
        select coalesce(sum(p.amount), 0)
        from doc.payment as p
        where p.account_id = q.account_id
          and p.cheque_id = q.cheque_id
          and p.status = 'approved'
      ),
      0
    )
  from doc.cheque as q
  where q.kind = 'payment'
    and q.status in ('in_hand', 'deposited', 'endorsed', 'cleared')
  union all
  select s.account_id, s.set_off_id, 'set_off', s.amount
  from doc.set_off as s
  where s.status = 'active'
  union all
  select n.account_id, n.credit_note_id, 'credit_note', n.amount
  from doc.credit_note as n
  where n.status = 'active'
  union all
  select d.account_id, d.adjustment_id, 'adjustment', d.amount
  from doc.adjustment as d
  where d.status = 'active'
)
select
  coalesce(d.account_id, c.account_id) as account_id,
  coalesce(d.credit_id, c.credit_id) as credit_id,
  coalesce(d.credit_type, c.credit_type) as credit_type,
  d.amount as in_document,
  c.amount as in_engine
from counted as d
full join calc.credit as c
  on c.account_id = d.account_id
  and c.credit_id = d.credit_id
  and c.credit_type = d.credit_type
where c.amount is distinct from d.amount;
