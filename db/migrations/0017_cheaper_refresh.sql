-- The two views of settled invoices anew, for a cheaper refresh. REFRESH CONCURRENTLY sorts
-- all rows twice, comparing whole rows, to see that none stands twice: rows that come in their order
-- are not sorted. And a total is sorted by one number a dimension, not by all of them at once.
-- Without cascade: a view of somebody else's that stands on one of these is not dropped with it, the
-- migration says so instead. Ours come again after it.
drop view if exists
  bi.settlement,
  bi.settlement_by_salesperson,
  bi.settlement_by_region,
  bi.settlement_by_agency,
  bi.settlement_by_party,
  bi.settlement_by_month,
  bi.settlement_by_jalali_month,
  bi.settlement_by_settlement_month,
  bi.settlement_by_jalali_settlement_month,
  bi.settled_invoice,
  calc.settlement_by,
  calc.settled_invoice_now;
drop function if exists calc.mark_all();
drop materialized view calc.settlement_total;
drop materialized view calc.settled_invoice;

-- The same text, of marked months, is calc.settled_invoice_live.
create materialized view calc.settled_invoice as
select
  i.account_id,
  i.invoice_id,
  date_trunc('month', i.doc_date::timestamp)::date as month,
  d.jalali_year * 100 + d.jalali_month as jalali_month,
  date_trunc('month', s.settled_on::timestamp)::date as settlement_month,
  e.jalali_year * 100 + e.jalali_month as jalali_settlement_month,
  a.side,
  a.currency,
  i.salesperson_id,
  i.region_id,
  i.agency_id,
  i.amount::numeric as amount,
  s.paid_amount,
  s.value_money_days - s.paid_amount * (i.doc_date - date '2000-01-01') as settlement_money_days,
  s.variance_money_days,
  round(s.value_money_days / s.paid_amount - (i.doc_date - date '2000-01-01'), 2)
    as settlement_days,
  round(s.variance_money_days / s.paid_amount, 2) as variance_days
from doc.invoice i
join ref.account a on a.account_id = i.account_id
join (
  select
    l.account_id,
    l.invoice_id,
    max(l.last_effective_date) as settled_on,
    sum(l.paid_amount) as paid_amount,
    sum(l.value_money_days) as value_money_days,
    sum(l.value_money_days - l.paid_amount * (l.due_date - date '2000-01-01'))
      as variance_money_days
  from calc.line l
  group by l.account_id, l.invoice_id
  -- In words that the planner does not take for rare: it would look up each invoice by itself.
  having bool_and(l.is_measured and not l.is_open)
    and sum(l.paid_amount) > 0
) s on s.account_id = i.account_id and s.invoice_id = i.invoice_id
join ref.calendar d on d.day = i.doc_date
join ref.calendar e on e.day = s.settled_on
-- As the first columns do: so rows are compared.
order by i.account_id, i.invoice_id;

create unique index settled_invoice_key on calc.settled_invoice (account_id, invoice_id);
create index settled_invoice_month_idx on calc.settled_invoice (month);
comment on materialized view calc.settled_invoice is
  'Invoices settled with money, as they were at the last refresh; opening and refund stay out. Read it by way of calc.settled_invoice_now. Key: account_id, invoice_id.';
comment on column calc.settled_invoice.month is 'First day of the Gregorian month of the invoice: what calc.dirty names.';
comment on column calc.settled_invoice.jalali_month is 'Jalali month of the invoice, 140405.';
comment on column calc.settled_invoice.settlement_month is 'First day of the Gregorian month of settled_on.';
comment on column calc.settled_invoice.jalali_settlement_month is 'Jalali month of settled_on, 140405.';
comment on column calc.settled_invoice.settlement_days is 'bi.invoice.settlement_period_days.';
comment on index calc.settled_invoice_key is
  'An invoice stands twice in calc.settled_invoice. | Run calc.refresh() again.';

-- Over calc.settled_invoice and nothing else: both are of one refresh, so a reader can take some
-- months from the one and some from the other (calc.settlement_by).
create materialized view calc.settlement_total as
select
  case grouping(
    f.salesperson, f.region, f.agency, f.account, f.month, f.jalali_month, f.settlement_month,
    f.jalali_settlement_month
  )
    when 127 then 'salesperson'
    when 191 then 'region'
    when 223 then 'agency'
    when 239 then 'account'
    when 247 then 'month'
    when 251 then 'jalali_month'
    when 253 then 'settlement_month'
    when 254 then 'jalali_settlement_month'
  end as dimension,
  coalesce(
    f.salesperson, f.region, f.agency, f.account, f.month, f.jalali_month, f.settlement_month,
    f.jalali_settlement_month
  ) as key_id,
  f.side,
  f.currency,
  count(*) as invoice_count,
  sum(f.amount) as amount,
  sum(f.paid_amount) as paid_amount,
  sum(f.settlement_money_days) as settlement_money_days,
  sum(f.variance_money_days) as variance_money_days,
  percentile_cont(array[0.5, 0.9]) within group (order by f.settlement_days)
    as settlement_percentiles,
  percentile_cont(array[0.5, 0.9]) within group (order by f.variance_days)
    as variance_percentiles
from (
  select
    coalesce(f.salesperson_id, -1) as salesperson,
    coalesce(f.region_id, -1) as region,
    coalesce(f.agency_id, -1) as agency,
    f.account_id as account,
    f.month - date '2000-01-01' as month,
    f.jalali_month,
    f.settlement_month - date '2000-01-01' as settlement_month,
    f.jalali_settlement_month,
    f.side,
    f.currency,
    f.amount,
    f.paid_amount,
    f.settlement_money_days,
    f.variance_money_days,
    f.settlement_days::float8 as settlement_days,
    f.variance_days::float8 as variance_days
  from calc.settled_invoice f
) f
group by
  f.side,
  f.currency,
  grouping sets (
    f.salesperson, f.region, f.agency, f.account, f.month, f.jalali_month, f.settlement_month,
    f.jalali_settlement_month
  );

create unique index settlement_total_key on calc.settlement_total
  (dimension, key_id, side, currency);
comment on materialized view calc.settlement_total is
  'calc.settled_invoice added up by salesperson, region, agency, account and month, over the whole history. Read it by way of calc.settlement_by. Key: dimension, key_id, side, currency.';
comment on column calc.settlement_total.dimension is
  'salesperson, region, agency, account, month, jalali_month (of the invoice), settlement_month, jalali_settlement_month.';
comment on column calc.settlement_total.key_id is
  'Id of the salesperson, region or agency (−1: none) or account; Gregorian month: first day − 2000-01-01; Jalali month: 140405.';
comment on column calc.settlement_total.settlement_percentiles is
  'Median and 90th percentile of settlement_days over the invoices, as percentile_cont gives them.';
comment on column calc.settlement_total.variance_percentiles is
  'Median and 90th percentile of variance_days over the invoices.';
comment on index calc.settlement_total_key is
  'A group stands twice in calc.settlement_total. | Run calc.refresh() again.';
