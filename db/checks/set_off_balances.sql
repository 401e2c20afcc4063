-- The legs of a set-off balance and are on one day
select
  s.source,
  s.set_off_no,
  a.currency,
  coalesce(sum(s.amount) filter (where a.side = 'receivable'), 0) as receivable,
  coalesce(sum(s.amount) filter (where a.side = 'payable'), 0) as payable,
  min(s.doc_date) as first_day,
  max(s.doc_date) as last_day
from doc.set_off as s
join ref.account as a on a.account_id = s.account_id
where s.status = 'active'
group by s.source, s.set_off_no, a.currency
having coalesce(sum(s.amount) filter (where a.side = 'receivable'), 0)
    <> coalesce(sum(s.amount) filter (where a.side = 'payable'), 0)
  or min(s.doc_date) <> max(s.doc_date);
