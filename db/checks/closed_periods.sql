-- No document dated in a closed period was entered after its closing, except with a reason
with document as (
  select 'invoice' as document, i.account_id, i.invoice_id as id, i.doc_date, i.created_at, i.created_by
  from doc.invoice as i
  union all
  select 'payment', p.account_id, p.payment_id, p.doc_date, p.created_at, p.created_by
  from doc.payment as p
  union all
  select 'cheque', q.account_id, q.cheque_id, q.doc_date, q.created_at, q.created_by
  from doc.cheque as q
  union all
  select 'credit_note', n.account_id, n.credit_note_id, n.doc_date, n.created_at, n.created_by
  from doc.credit_note as n
  union all
  select 'adjustment', a.account_id, a.adjustment_id, a.doc_date, a.created_at, a.created_by
  from doc.adjustment as a
  union all
  select 'set_off', s.account_id, s.set_off_id, s.doc_date, s.created_at, s.created_by
  from doc.set_off as s
)
select d.document, d.account_id, d.id, d.doc_date, d.created_at, d.created_by, p.closed_at
from document as d
cross join lateral (
  select min(p.closed_at) as closed_at
  from ref.period_lock as p
  where p.closed_upto >= d.doc_date
) as p
where d.created_at > p.closed_at
  and not exists (
    select
    from audit.change as c
    where c.table_name = 'doc.' || d.document
      and (c.row_key = d.id::text or c.new_row_key = d.id::text)
      and c.reason is not null
  )
order by d.document, d.account_id, d.id
