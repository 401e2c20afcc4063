-- The state of a cheque is its last event
select
  q.account_id,
  q.cheque_id,
  q.status,
  q.status_date,
  q.cleared_on,
  e.to_status,
  e.event_date,
  e.cleared_on as event_cleared_on
from doc.cheque as q
left join lateral (
  select e.from_status, e.to_status, e.event_date, e.cleared_on
  from doc.cheque_event as e
  where e.account_id = q.account_id
    and e.cheque_id = q.cheque_id
  order by e.cheque_event_id desc
  limit 1
) as e on true
where e.to_status is distinct from q.status
  -- The first event is the hand-over, on its own day.
  or e.from_status is not null
    and (e.event_date, e.cleared_on) is distinct from (q.status_date, q.cleared_on);
