-- The last sum up to a day is found by width_bucket(), 0 before the first day, and taken out of its
-- list once (offset 0).
create or replace view calc.settled_window as
select
  n.account_id,
  w.till_now,
  w.till_year,
  w.till_quarter
from calc.account_behaviour_now n
cross join lateral (
  select
    n.sums[cardinality(n.sums)] as till_now,
    n.sums[
      width_bucket((select (calc.today() - interval '12 months')::date), n.days)
    ] as till_year,
    n.sums[
      width_bucket((select (calc.today() - interval '3 months')::date), n.days)
    ] as till_quarter
  offset 0
) w;

comment on view calc.settled_window is
  'What each account settled till now, till 12 months ago and till 3 months ago, for calc.settled_between(). Key: account_id.';
comment on column calc.settled_window.till_now is 'Null: nothing.';
comment on column calc.settled_window.till_year is 'The day 12 months ago included; null: nothing.';
comment on column calc.settled_window.till_quarter is 'The day 3 months ago included; null: nothing.';
