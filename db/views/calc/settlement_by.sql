-- What was added up at the last refresh, less what went into it from the months that are marked now,
-- plus what those months hold: all in one snapshot. A group without an invoice of a marked month
-- keeps its percentiles; the others form them anew.
create or replace view calc.settlement_by as
with live as materialized (
  select
    l.month,
    l.jalali_month,
    l.settlement_month,
    l.jalali_settlement_month,
    l.account_id,
    l.side,
    l.currency,
    l.salesperson_id,
    l.region_id,
    l.agency_id,
    l.amount,
    l.paid_amount,
    l.settlement_money_days,
    l.variance_money_days,
    l.settlement_days,
    l.variance_days
  from calc.settled_invoice_live l
),
change as materialized (
  select
    -1 as sign,
    f.month,
    f.jalali_month,
    f.settlement_month,
    f.jalali_settlement_month,
    f.account_id,
    f.side,
    f.currency,
    f.salesperson_id,
    f.region_id,
    f.agency_id,
    f.amount,
    f.paid_amount,
    f.settlement_money_days,
    f.variance_money_days
  from calc.settled_invoice f
  where f.month in (
    select m.month
    from calc.marked_month m
  )
  union all
  select
    1,
    l.month,
    l.jalali_month,
    l.settlement_month,
    l.jalali_settlement_month,
    l.account_id,
    l.side,
    l.currency,
    l.salesperson_id,
    l.region_id,
    l.agency_id,
    l.amount,
    l.paid_amount,
    l.settlement_money_days,
    l.variance_money_days
  from live l
),
total as not materialized (
  select
    t.dimension,
    t.key_id,
    t.side,
    t.currency,
    sum(t.invoice_count)::bigint as invoice_count,
    sum(t.amount) as amount,
    sum(t.paid_amount) as paid_amount,
    sum(t.settlement_money_days) as settlement_money_days,
    sum(t.variance_money_days) as variance_money_days,
    max(t.settlement_percentiles) as settlement_percentiles,
    max(t.variance_percentiles) as variance_percentiles,
    bool_or(t.is_change) as is_touched
  from (
    select
      k.dimension,
      k.key_id,
      k.side,
      k.currency,
      k.invoice_count,
      k.amount,
      k.paid_amount,
      k.settlement_money_days,
      k.variance_money_days,
      k.settlement_percentiles,
      k.variance_percentiles,
      false as is_change
    from calc.settlement_total k
    union all
    select
      g.dimension,
      g.key_id,
      c.side,
      c.currency,
      sum(c.sign),
      sum(c.sign * c.amount),
      sum(c.sign * c.paid_amount),
      sum(c.sign * c.settlement_money_days),
      sum(c.sign * c.variance_money_days),
      null,
      null,
      true
    from change c
    cross join lateral (
      select 'salesperson' as dimension, coalesce(c.salesperson_id, -1) as key_id
      union all select 'region', coalesce(c.region_id, -1)
      union all select 'agency', coalesce(c.agency_id, -1)
      union all select 'account', c.account_id
      union all select 'month', c.month - date '2000-01-01'
      union all select 'jalali_month', c.jalali_month
      union all select 'settlement_month', c.settlement_month - date '2000-01-01'
      union all select 'jalali_settlement_month', c.jalali_settlement_month
    ) g
    group by g.dimension, g.key_id, c.side, c.currency
  ) t
  group by t.dimension, t.key_id, t.side, t.currency
  having sum(t.invoice_count) > 0
)
select
  t.dimension,
  t.key_id,
  t.side,
  t.currency,
  t.invoice_count,
  t.amount,
  t.paid_amount,
  t.settlement_money_days,
  t.variance_money_days,
  case when t.is_touched then p.settlement_percentiles else t.settlement_percentiles end
    as settlement_percentiles,
  case when t.is_touched then p.variance_percentiles else t.variance_percentiles end
    as variance_percentiles
from total t
left join (
  select
    g.dimension,
    g.key_id,
    f.side,
    f.currency,
    percentile_cont(array[0.5, 0.9]) within group (order by f.settlement_days::float8)
      as settlement_percentiles,
    percentile_cont(array[0.5, 0.9]) within group (order by f.variance_days::float8)
      as variance_percentiles
  from (
    select
      k.month,
      k.jalali_month,
      k.settlement_month,
      k.jalali_settlement_month,
      k.account_id,
      k.side,
      k.currency,
      k.salesperson_id,
      k.region_id,
      k.agency_id,
      k.settlement_days,
      k.variance_days
    from calc.settled_invoice k
    where k.month not in (
      select m.month
      from calc.marked_month m
    )
    union all
    select
      l.month,
      l.jalali_month,
      l.settlement_month,
      l.jalali_settlement_month,
      l.account_id,
      l.side,
      l.currency,
      l.salesperson_id,
      l.region_id,
      l.agency_id,
      l.settlement_days,
      l.variance_days
    from live l
  ) f
  cross join lateral (
    select 'salesperson' as dimension, coalesce(f.salesperson_id, -1) as key_id
    union all select 'region', coalesce(f.region_id, -1)
    union all select 'agency', coalesce(f.agency_id, -1)
    union all select 'account', f.account_id
    union all select 'month', f.month - date '2000-01-01'
    union all select 'jalali_month', f.jalali_month
    union all select 'settlement_month', f.settlement_month - date '2000-01-01'
    union all select 'jalali_settlement_month', f.jalali_settlement_month
  ) g
  -- Nothing is read when nothing is marked. "is true" has the planner look each group up instead of
  -- joining on guesses.
  where (select exists (select from calc.marked_month))
    and (
      (g.dimension, g.key_id, f.side, f.currency) in (
        select n.dimension, n.key_id, n.side, n.currency
        from total n
        where n.is_touched
      )
    ) is true
  group by g.dimension, g.key_id, f.side, f.currency
) p
  on p.dimension = t.dimension
  and p.key_id = t.key_id
  and p.side = t.side
  and p.currency = t.currency;

comment on view calc.settlement_by is
  'Settlement over the whole history by each dimension of calc.settlement_total, never stale. Take one dimension; the sums are additive within it. Key: dimension, key_id, side, currency.';
