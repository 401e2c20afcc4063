create or replace view bi.settlement_by_region as
select
  region.region_id,
  region.code as region_code,
  region.name as region_name,
  t.side,
  t.currency,
  t.invoice_count,
  t.amount,
  t.paid_amount,
  round(t.settlement_money_days / t.paid_amount, 2) as settlement_period_days,
  round(t.settlement_percentiles[1]::numeric, 2) as settlement_median_days,
  round(t.settlement_percentiles[2]::numeric, 2) as settlement_p90_days,
  round(t.variance_money_days / t.paid_amount, 2) as variance_days,
  round(t.variance_percentiles[1]::numeric, 2) as variance_median_days,
  round(t.variance_percentiles[2]::numeric, 2) as variance_p90_days,
  t.settlement_money_days,
  t.variance_money_days
from calc.settlement_by t
left join ref.region on region.region_id = t.key_id
where t.dimension = 'region';

comment on view bi.settlement_by_region is
  'How long invoices took to be settled, and against what was promised, by region of the invoice, over the whole history. Key: region_id, side, currency.';
comment on column bi.settlement_by_region.invoice_count is 'Invoices settled with money; opening and refund stay out.';
comment on column bi.settlement_by_region.amount is 'Amount of these invoices.';
comment on column bi.settlement_by_region.paid_amount is 'Money on these invoices: the weight of the two means.';
comment on column bi.settlement_by_region.settlement_period_days is 'From invoice to settlement, weighted by paid_amount: settlement_money_days / paid_amount.';
comment on column bi.settlement_by_region.settlement_median_days is 'Median of settlement_period_days over the invoices, each counting once (percentile_cont).';
comment on column bi.settlement_by_region.settlement_p90_days is '90th percentile of settlement_period_days over the invoices (percentile_cont).';
comment on column bi.settlement_by_region.variance_days is 'From commitment to settlement, minus early, plus late, weighted by paid_amount: variance_money_days / paid_amount.';
comment on column bi.settlement_by_region.variance_median_days is 'Median of variance_days over the invoices (percentile_cont).';
comment on column bi.settlement_by_region.variance_p90_days is '90th percentile of variance_days over the invoices (percentile_cont).';
comment on column bi.settlement_by_region.settlement_money_days is 'Numerator of settlement_period_days: add it up, and paid_amount, for the mean of any group.';
comment on column bi.settlement_by_region.variance_money_days is 'Numerator of variance_days: add it up, and paid_amount.';
comment on column bi.settlement_by_region.region_id is 'Of the invoice; null: none.';
comment on column bi.settlement_by_region.region_code is 'Code of the region.';
comment on column bi.settlement_by_region.region_name is 'Name of the region.';
comment on column bi.settlement_by_region.side is 'receivable: they owe us; payable: we owe them.';
comment on column bi.settlement_by_region.currency is 'Currency of every amount in the row.';
