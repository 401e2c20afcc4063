create or replace function calc.presented_cheque(p_as_of date)
returns table (
  account_id bigint,
  cheque_id bigint,
  amount numeric,
  presented_on date,
  bounced_on date
)
language sql
stable
parallel safe
as $$
  select
    q.account_id,
    q.cheque_id,
    q.amount::numeric,
    max(e.event_date::date),
    max(e.event_date::date) filter (where e.to_status = 'bounced')
  from doc.cheque q
  join doc.cheque_event e on e.account_id = q.account_id and e.cheque_id = q.cheque_id
  where q.kind = 'payment'
    and q.status <> 'void'
    and e.to_status in ('bounced', 'cleared')
    and e.event_date <= p_as_of
  group by q.account_id, q.cheque_id, q.amount
$$;

comment on function calc.presented_cheque(date) is
  'Payment cheques that cleared or bounced up to the end of a day (infinity: ever), the last day of either, and the last day of a bounce; made good since or not.';
