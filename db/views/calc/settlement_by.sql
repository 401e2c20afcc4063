-- While nothing is marked: what was added up at the last refresh. Otherwise in one pass over the
-- rows of unmarked months as they were kept and those of marked months as they are now, since a
-- median can't be mended in part. Only a month of invoices is marked as a whole or not at all, so
-- the others keep what was added up. The way that is not taken is not executed.
create or replace view calc.settlement_by as
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
  k.variance_percentiles
from calc.settlement_total k
where (select not exists (select from calc.marked_month))
  or (
    k.dimension = 'month'
    and date '2000-01-01' + k.key_id::int not in (
      select m.month
      from calc.marked_month m
    )
  )
union all
select
  f.dimension,
  f.key_id,
  f.side,
  f.currency,
  count(*),
  sum(f.amount),
  sum(f.paid_amount),
  sum(f.settlement_money_days),
  sum(f.variance_money_days),
  percentile_cont(array[0.5, 0.9]) within group (order by f.settlement_days::float8),
  percentile_cont(array[0.5, 0.9]) within group (order by f.variance_days::float8)
from (
  select
    d.dimension,
    case d.dimension
      when 'salesperson' then coalesce(n.salesperson_id, -1)
      when 'region' then coalesce(n.region_id, -1)
      when 'agency' then coalesce(n.agency_id, -1)
      when 'account' then n.account_id
      when 'month' then n.month - date '2000-01-01'
      when 'jalali_month' then n.jalali_month
      when 'settlement_month' then n.settlement_month - date '2000-01-01'
      when 'jalali_settlement_month' then n.jalali_settlement_month
    end as key_id,
    n.month,
    n.side,
    n.currency,
    n.amount,
    n.paid_amount,
    n.settlement_money_days,
    n.variance_money_days,
    n.settlement_days,
    n.variance_days
  from calc.settled_invoice_now n
  cross join (
    values
      ('salesperson'),
      ('region'),
      ('agency'),
      ('account'),
      ('month'),
      ('jalali_month'),
      ('settlement_month'),
      ('jalali_settlement_month')
  ) d(dimension)
) f
where (select exists (select from calc.marked_month))
  and (
    f.dimension <> 'month'
    or f.month in (
      select m.month
      from calc.marked_month m
    )
  )
group by f.dimension, f.key_id, f.side, f.currency;

comment on view calc.settlement_by is
  'Settlement over the whole history by each dimension of calc.settlement_total, never stale. Take one dimension; the sums are additive within it. Key: dimension, key_id, side, currency.';
