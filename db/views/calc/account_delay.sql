-- Computed once an account (offset 0), however many lines it has.
create or replace view calc.account_delay as
select
  w.account_id,
  d.delay_days
from calc.settled_window w
cross join lateral (
  select coalesce(
    case
      when y.settled_count >= 3 then round(y.variance_money_days / nullif(y.settled_amount, 0), 2)
    end,
    case
      when e.settled_count >= 3 then round(e.variance_money_days / nullif(e.settled_amount, 0), 2)
    end
  ) as delay_days
  from calc.settled_between(w.till_now, w.till_year) y
  cross join calc.settled_between(w.till_now, null) e
  offset 0
) d;

comment on view calc.account_delay is
  'How late each account settles, for the cash forecast. Key: account_id.';
comment on column calc.account_delay.delay_days is
  'variance_days of bi.behaviour over 12 months, or over all time, each where 3 invoices were settled; null: neither.';
