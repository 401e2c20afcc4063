create or replace view bi.settled_invoice as
select
  f.account_id,
  a.party_id,
  p.code as party_code,
  p.name as party_name,
  f.side,
  f.currency,
  f.salesperson_id,
  sp.name as salesperson_name,
  f.region_id,
  rg.name as region_name,
  f.agency_id,
  ag.name as agency_name,
  f.invoice_id,
  f.month,
  f.jalali_month / 100 as jalali_year,
  f.jalali_month % 100 as jalali_month,
  f.settlement_month,
  f.jalali_settlement_month / 100 as jalali_settlement_year,
  f.jalali_settlement_month % 100 as jalali_settlement_month,
  f.amount,
  f.paid_amount,
  f.settlement_money_days,
  f.variance_money_days,
  f.settlement_days as settlement_period_days,
  f.variance_days
from calc.settled_invoice_now f
join ref.account a on a.account_id = f.account_id
join ref.party p on p.party_id = a.party_id
left join ref.salesperson sp on sp.salesperson_id = f.salesperson_id
left join ref.region rg on rg.region_id = f.region_id
left join ref.agency ag on ag.agency_id = f.agency_id;

comment on view bi.settled_invoice is
  'Each invoice settled with money, in the months of its date and of its settlement: what bi.settlement adds up, without reading the lines. Opening and refund stay out. Key: account_id, invoice_id.';
comment on column bi.settled_invoice.account_id is 'The account: one party, on one side, in one currency.';
comment on column bi.settled_invoice.party_id is 'The party of the account.';
comment on column bi.settled_invoice.party_code is 'Code of the party.';
comment on column bi.settled_invoice.party_name is 'Name of the party.';
comment on column bi.settled_invoice.side is 'receivable: they owe us; payable: we owe them.';
comment on column bi.settled_invoice.currency is 'Currency of every amount in the row.';
comment on column bi.settled_invoice.salesperson_id is 'Of the invoice; region and agency likewise.';
comment on column bi.settled_invoice.salesperson_name is 'Name of the salesperson.';
comment on column bi.settled_invoice.region_id is 'Of the invoice; null: none.';
comment on column bi.settled_invoice.region_name is 'Name of the region.';
comment on column bi.settled_invoice.agency_id is 'Of the invoice; null: none.';
comment on column bi.settled_invoice.agency_name is 'Name of the agency.';
comment on column bi.settled_invoice.invoice_id is 'The invoice.';
comment on column bi.settled_invoice.month is 'First day of the Gregorian month of the invoice.';
comment on column bi.settled_invoice.jalali_year is 'Jalali year.';
comment on column bi.settled_invoice.jalali_month is 'Jalali month, 1 (Farvardin) to 12 (Esfand).';
comment on column bi.settled_invoice.settlement_month is 'First day of the Gregorian month of settled_on.';
comment on column bi.settled_invoice.jalali_settlement_year is 'Jalali year of settled_on.';
comment on column bi.settled_invoice.jalali_settlement_month is 'Jalali month of settled_on, 1 to 12.';
comment on column bi.settled_invoice.amount is 'Amount of the invoice.';
comment on column bi.settled_invoice.paid_amount is 'Money on it: the weight of the means.';
comment on column bi.settled_invoice.settlement_money_days is 'Σ money·(value date − invoice date).';
comment on column bi.settled_invoice.variance_money_days is 'Σ money·(value date − due date).';
comment on column bi.settled_invoice.settlement_period_days is 'settlement_money_days / paid_amount.';
comment on column bi.settled_invoice.variance_days is 'variance_money_days / paid_amount: minus early, plus late.';
