create or replace view calc.receivable_day_now as
select
  k.month,
  k.side,
  k.currency,
  k.day,
  k.sales_amount,
  k.receipt_amount,
  k.open_change,
  k.current_change
from calc.receivable_day k
where k.month not in (
  select m.month
  from calc.marked_month m
)
union all
select
  l.month,
  l.side,
  l.currency,
  l.day,
  l.sales_amount,
  l.receipt_amount,
  l.open_change,
  l.current_change
from calc.receivable_day_live l;

comment on view calc.receivable_day_now is
  'What each day did to the open amounts of the invoices of a month, never stale: unmarked months from the materialized view, marked ones computed now. Key: month, side, currency, day.';
