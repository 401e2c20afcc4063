create or replace view bi.settlement_by_jalali_settlement_month as
select
  (t.key_id / 100)::int as jalali_year,
  (t.key_id % 100)::int as jalali_month,
  c.jalali_month_name,
  c.day as first_day,
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
join ref.calendar c
  on c.jalali_year = t.key_id / 100
  and c.jalali_month = t.key_id % 100
  and c.jalali_day = 1
where t.dimension = 'jalali_settlement_month';

comment on view bi.settlement_by_jalali_settlement_month is
  'How long invoices took to be settled, and against what was promised, by Jalali month of the settlement (settled_on). Key: jalali_year, jalali_month, side, currency.';
comment on column bi.settlement_by_jalali_settlement_month.invoice_count is 'Invoices settled with money; opening and refund stay out.';
comment on column bi.settlement_by_jalali_settlement_month.amount is 'Amount of these invoices.';
comment on column bi.settlement_by_jalali_settlement_month.paid_amount is 'Money on these invoices: the weight of the two means.';
comment on column bi.settlement_by_jalali_settlement_month.settlement_period_days is 'From invoice to settlement, weighted by paid_amount: settlement_money_days / paid_amount.';
comment on column bi.settlement_by_jalali_settlement_month.settlement_median_days is 'Median of settlement_period_days over the invoices, each counting once (percentile_cont).';
comment on column bi.settlement_by_jalali_settlement_month.settlement_p90_days is '90th percentile of settlement_period_days over the invoices (percentile_cont).';
comment on column bi.settlement_by_jalali_settlement_month.variance_days is 'From commitment to settlement, minus early, plus late, weighted by paid_amount: variance_money_days / paid_amount.';
comment on column bi.settlement_by_jalali_settlement_month.variance_median_days is 'Median of variance_days over the invoices (percentile_cont).';
comment on column bi.settlement_by_jalali_settlement_month.variance_p90_days is '90th percentile of variance_days over the invoices (percentile_cont).';
comment on column bi.settlement_by_jalali_settlement_month.settlement_money_days is 'Numerator of settlement_period_days: add it up, and paid_amount, for the mean of any group.';
comment on column bi.settlement_by_jalali_settlement_month.variance_money_days is 'Numerator of variance_days: add it up, and paid_amount.';
comment on column bi.settlement_by_jalali_settlement_month.first_day is 'First day of the month, Gregorian.';
comment on column bi.settlement_by_jalali_settlement_month.jalali_year is 'Jalali year.';
comment on column bi.settlement_by_jalali_settlement_month.jalali_month is 'Jalali month, 1 (Farvardin) to 12 (Esfand).';
comment on column bi.settlement_by_jalali_settlement_month.jalali_month_name is 'Persian name of the Jalali month.';
comment on column bi.settlement_by_jalali_settlement_month.side is 'receivable: they owe us; payable: we owe them.';
comment on column bi.settlement_by_jalali_settlement_month.currency is 'Currency of every amount in the row.';
