create or replace view calc.presented_cheque as
select
  q.account_id,
  count(*) filter (where q.bounced_on > t.year) as bounced_count,
  sum(q.amount) filter (where q.bounced_on > t.year) as bounced_amount,
  sum(q.amount) filter (where q.presented_on > t.year) as presented_amount,
  count(q.bounced_on) as all_bounced_count,
  sum(q.amount) filter (where q.bounced_on is not null) as all_bounced_amount,
  sum(q.amount) as all_presented_amount
from (
  select
    q.account_id,
    q.amount::numeric as amount,
    max(e.event_date::date) as presented_on,
    max(e.event_date::date) filter (where e.to_status = 'bounced') as bounced_on
  from doc.cheque q
  join doc.cheque_event e on e.account_id = q.account_id and e.cheque_id = q.cheque_id
  where q.kind = 'payment'
    and q.status <> 'void'
    and e.to_status in ('bounced', 'cleared')
  group by q.account_id, q.cheque_id, q.amount
) q
cross join (select (calc.today() - interval '12 months')::date as year offset 0) t
group by q.account_id;

comment on view calc.presented_cheque is
  'Payment cheques that cleared or bounced, of accounts that gave any: over the last 12 months, and with the prefix all_ over all time. Key: account_id.';
comment on column calc.presented_cheque.bounced_count is 'Those that bounced; one that bounced more than once counts once.';
comment on column calc.presented_cheque.presented_amount is 'By the last day on which one cleared or bounced.';
