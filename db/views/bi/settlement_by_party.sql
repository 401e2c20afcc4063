create or replace view bi.settlement_by_party as
select
  t.key_id as account_id,
  a.party_id,
  p.code as party_code,
  p.name as party_name,
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
join ref.account a on a.account_id = t.key_id
join ref.party p on p.party_id = a.party_id
where t.dimension = 'account';

comment on view bi.settlement_by_party is
  'How long the invoices of each party took to be settled, and against what was promised, over the whole history. Key: account_id.';
comment on column bi.settlement_by_party.invoice_count is 'Invoices settled with money; opening and refund stay out.';
comment on column bi.settlement_by_party.amount is 'Amount of these invoices.';
comment on column bi.settlement_by_party.paid_amount is 'Money on these invoices: the weight of the two means.';
comment on column bi.settlement_by_party.settlement_period_days is 'From invoice to settlement, weighted by paid_amount: settlement_money_days / paid_amount.';
comment on column bi.settlement_by_party.settlement_median_days is 'Median of settlement_period_days over the invoices, each counting once (percentile_cont).';
comment on column bi.settlement_by_party.settlement_p90_days is '90th percentile of settlement_period_days over the invoices (percentile_cont).';
comment on column bi.settlement_by_party.variance_days is 'From commitment to settlement, minus early, plus late, weighted by paid_amount: variance_money_days / paid_amount.';
comment on column bi.settlement_by_party.variance_median_days is 'Median of variance_days over the invoices (percentile_cont).';
comment on column bi.settlement_by_party.variance_p90_days is '90th percentile of variance_days over the invoices (percentile_cont).';
comment on column bi.settlement_by_party.settlement_money_days is 'Numerator of settlement_period_days: add it up, and paid_amount, for the mean of any group.';
comment on column bi.settlement_by_party.variance_money_days is 'Numerator of variance_days: add it up, and paid_amount.';
comment on column bi.settlement_by_party.account_id is 'The account: party, side and currency.';
comment on column bi.settlement_by_party.party_id is 'The party of the account.';
comment on column bi.settlement_by_party.party_code is 'Code of the party.';
comment on column bi.settlement_by_party.party_name is 'Name of the party.';
comment on column bi.settlement_by_party.side is 'receivable: they owe us; payable: we owe them.';
comment on column bi.settlement_by_party.currency is 'Currency of every amount in the row.';
