-- Whoever asks names one dimension: the condition goes down to the rows of the list, before anything
-- is joined or added up.
create or replace view calc.debt_by as
select
  o.dimension,
  o.key_id,
  o.side,
  o.currency,
  o.invoice_count,
  o.open_amount,
  o.overdue_amount,
  o.debt_depth,
  round(o.debt_depth / o.open_amount, 2) as debt_depth_days,
  o.risky_amount,
  round(o.risky_amount / o.open_amount, 4) as risky_share,
  o.not_due,
  o.d1_30,
  o.d31_60,
  o.d61_90,
  o.d91_120,
  o.over_120,
  o.debt_money_days,
  o.due_money_days
from (
  select
    k.dimension,
    k.key_id,
    l.side,
    l.currency,
    count(distinct l.invoice_id) as invoice_count,
    sum(l.open_amount) as open_amount,
    coalesce(sum(l.open_amount) filter (where l.days_past_due > 0), 0) as overdue_amount,
    sum(l.open_amount * greatest(0, l.days_past_due)) as debt_depth,
    coalesce(sum(l.open_amount) filter (where l.days_past_due > l.risk_days), 0) as risky_amount,
    coalesce(sum(l.open_amount) filter (where l.days_past_due <= 0), 0) as not_due,
    coalesce(sum(l.open_amount) filter (where l.days_past_due between 1 and 30), 0) as d1_30,
    coalesce(sum(l.open_amount) filter (where l.days_past_due between 31 and 60), 0) as d31_60,
    coalesce(sum(l.open_amount) filter (where l.days_past_due between 61 and 90), 0) as d61_90,
    coalesce(sum(l.open_amount) filter (where l.days_past_due between 91 and 120), 0) as d91_120,
    coalesce(sum(l.open_amount) filter (where l.days_past_due > 120), 0) as over_120,
    sum(l.open_amount * l.days_old) as debt_money_days,
    sum(l.open_amount * l.days_past_due) as due_money_days
  from calc.open_line l
  cross join (
    values ('salesperson'), ('region'), ('agency')
  ) d(dimension)
  cross join lateral (
    select
      d.dimension,
      case d.dimension
        when 'salesperson' then l.salesperson_id
        when 'region' then l.region_id
        else l.agency_id
      end as key_id
  ) k
  group by k.dimension, k.key_id, l.side, l.currency
) o;

comment on view calc.debt_by is
  'What is open and how deep, by salesperson, region and agency of the invoice; for bi.debt_by_…. Take one dimension. Key: dimension, key_id (null: none), side, currency.';
