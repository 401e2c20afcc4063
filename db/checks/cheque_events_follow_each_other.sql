-- Each event of a cheque begins where the one before ended
select e.account_id, e.cheque_id, e.cheque_event_id, e.from_status, e.before
from (
  select
    e.account_id,
    e.cheque_id,
    e.cheque_event_id,
    e.from_status,
    lag(e.to_status) over (
      partition by e.account_id, e.cheque_id order by e.cheque_event_id
    ) as before
  from doc.cheque_event as e
) as e
where e.from_status is distinct from e.before;
