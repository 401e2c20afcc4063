create or replace view bi.settlement_by_agency as
select
  agency.agency_id,
  agency.code as agency_code,
  agency.name as agency_name,
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
left join ref.agency on agency.agency_id = t.key_id
where t.dimension = 'agency';

comment on view bi.settlement_by_agency is
  'How long invoices took to be settled, and against what was promised, by agency of the invoice, over the whole history. Key: agency_id, side, currency.';
comment on column bi.settlement_by_agency.invoice_count is 'Invoices settled with money; opening and refund stay out.';
comment on column bi.settlement_by_agency.amount is 'Amount of these invoices.';
comment on column bi.settlement_by_agency.paid_amount is 'Money on these invoices: the weight of the two means.';
comment on column bi.settlement_by_agency.settlement_period_days is 'From invoice to settlement, weighted by paid_amount: settlement_money_days / paid_amount.';
comment on column bi.settlement_by_agency.settlement_median_days is 'Median of settlement_period_days over the invoices, each counting once (percentile_cont).';
comment on column bi.settlement_by_agency.settlement_p90_days is '90th percentile of settlement_period_days over the invoices (percentile_cont).';
comment on column bi.settlement_by_agency.variance_days is 'From commitment to settlement, minus early, plus late, weighted by paid_amount: variance_money_days / paid_amount.';
comment on column bi.settlement_by_agency.variance_median_days is 'Median of variance_days over the invoices (percentile_cont).';
comment on column bi.settlement_by_agency.variance_p90_days is '90th percentile of variance_days over the invoices (percentile_cont).';
comment on column bi.settlement_by_agency.settlement_money_days is 'Numerator of settlement_period_days: add it up, and paid_amount, for the mean of any group.';
comment on column bi.settlement_by_agency.variance_money_days is 'Numerator of variance_days: add it up, and paid_amount.';
comment on column bi.settlement_by_agency.agency_id is 'Of the invoice; null: none.';
comment on column bi.settlement_by_agency.agency_code is 'Code of the agency.';
comment on column bi.settlement_by_agency.agency_name is 'Name of the agency.';
comment on column bi.settlement_by_agency.side is 'receivable: they owe us; payable: we owe them.';
comment on column bi.settlement_by_agency.currency is 'Currency of every amount in the row.';
