create or replace view calc.collection as
with today as (
  select calc.today() as today offset 0
),
day as (
  select
    e.side,
    e.currency,
    e.day,
    sum(e.sales_amount) as sales_amount,
    sum(e.receipt_amount) as receipt_amount,
    sum(e.open_change) as open_change,
    sum(e.current_change) as current_change
  from (
    select
      n.side,
      n.currency,
      n.day,
      n.sales_amount,
      n.receipt_amount,
      n.open_change,
      n.current_change
    from calc.receivable_day_now n
    union all
    -- Money left over belongs to no invoice's month.
    select a.side, a.currency, c.doc_date, 0, c.unapplied_amount, 0, 0
    from calc.credit c
    join ref.account a on a.account_id = c.account_id
    where c.is_left
      and c.value_date is not null
  ) e
  where e.day <= (select t.today from today t)
  group by e.side, e.currency, e.day
),
known as (
  select d.side, d.currency, min(d.day) as first_day
  from day d
  -- What fell due before its document leaves a day of nothing, which begins no month.
  where (d.sales_amount, d.receipt_amount, d.open_change, d.current_change) <> (0, 0, 0, 0)
  group by d.side, d.currency
),
month as (
  select
    k.side,
    k.currency,
    m.calendar,
    m.year,
    m.month,
    m.month_name,
    min(c.day) as first_day,
    least(max(c.day), (select t.today from today t)) as ends_on
  from known k
  join ref.calendar c
    on c.day > k.first_day - 62
    and c.day < (select t.today from today t) + 62
  cross join lateral (
    select
      'gregorian' as calendar,
      c.gregorian_year::int as year,
      c.gregorian_month::int as month,
      null::text as month_name
    union all
    select 'jalali', c.jalali_year::int, c.jalali_month::int, c.jalali_month_name
  ) m
  group by k.side, k.currency, k.first_day, m.calendar, m.year, m.month, m.month_name
  having max(c.day) >= k.first_day
    and min(c.day) <= (select t.today from today t)
)
select
  c.calendar,
  c.year,
  c.month,
  c.month_name,
  c.side,
  c.currency,
  c.first_day,
  c.ends_on,
  c.days,
  c.sales_amount,
  c.receipt_amount,
  c.opening_receivable,
  c.ending_receivable,
  c.ending_current,
  round(c.ending_receivable * c.days / nullif(c.sales_amount, 0), 2) as dso_days,
  round(c.ending_current * c.days / nullif(c.sales_amount, 0), 2) as best_possible_dso_days,
  round((c.ending_receivable - c.ending_current) * c.days / nullif(c.sales_amount, 0), 2)
    as average_days_delinquent,
  round(
    (c.opening_receivable + c.sales_amount - c.ending_receivable) * 100
      / nullif(c.opening_receivable + c.sales_amount - c.ending_current, 0),
    2
  ) as collection_effectiveness_index
from (
  select
    m.calendar,
    m.year,
    m.month,
    m.month_name,
    m.side,
    m.currency,
    m.first_day,
    m.ends_on,
    m.ends_on - m.first_day + 1 as days,
    coalesce(sum(d.sales_amount), 0) as sales_amount,
    coalesce(sum(d.receipt_amount), 0) as receipt_amount,
    coalesce(sum(sum(d.open_change)) over w, 0) - coalesce(sum(d.open_change), 0)
      as opening_receivable,
    coalesce(sum(sum(d.open_change)) over w, 0) as ending_receivable,
    coalesce(sum(sum(d.current_change)) over w, 0) as ending_current
  from month m
  left join day d
    on d.side = m.side
    and d.currency = m.currency
    and d.day between m.first_day and m.ends_on
  group by
    m.calendar,
    m.year,
    m.month,
    m.month_name,
    m.side,
    m.currency,
    m.first_day,
    m.ends_on
  window w as (partition by m.calendar, m.side, m.currency order by m.first_day)
) c;

comment on view calc.collection is
  'Sales, receipts and what was open at the end of each month up to today, in both calendars; for bi.collection_by_month and bi.collection_by_jalali_month, where the formulas are told. Key: calendar, year, month, side, currency.';
