create or replace view calc.account_behaviour_now as
select
  m.account_id,
  case when m.is_kept then m.days else n.days end as days,
  case when m.is_kept then m.sums else n.sums end as sums
from (
  select
    k.account_id,
    b.days,
    b.sums,
    (b.change_count, b.changed_at, b.tolerance_days)
      is not distinct from (k.change_count, k.changed_at, a.tolerance_days) as is_kept
  from calc.account k
  join ref.account a on a.account_id = k.account_id
  left join calc.account_behaviour b on b.account_id = k.account_id
) m
-- Looked up account by account (offset 0), and not at all for those that are kept.
left join lateral (
  select l.days, l.sums
  from calc.account_behaviour_live l
  where l.account_id = m.account_id
    and not m.is_kept
  offset 0
) n on true;

comment on view calc.account_behaviour_now is
  'How each account has settled, by day, never stale: from the materialized view while nobody wrote to the account since, else computed now. Key: account_id.';
comment on column calc.account_behaviour_now.days is
  'Days on which an invoice was settled or something written off, in order; null: none.';
comment on column calc.account_behaviour_now.sums is
  'What was settled up to the end of each of the days.';
