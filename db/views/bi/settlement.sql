create or replace view bi.settlement as
select
  f.month,
  f.jalali_month / 100 as jalali_year,
  f.jalali_month % 100 as jalali_month,
  f.settlement_month,
  f.jalali_settlement_month / 100 as jalali_settlement_year,
  f.jalali_settlement_month % 100 as jalali_settlement_month,
  f.salesperson_id,
  sp.name as salesperson_name,
  f.region_id,
  rg.name as region_name,
  f.agency_id,
  ag.name as agency_name,
  f.account_id,
  a.party_id,
  p.code as party_code,
  p.name as party_name,
  f.side,
  f.currency,
  f.invoice_count,
  f.amount,
  f.paid_amount,
  f.settlement_money_days,
  f.variance_money_days
from (
  select
    n.month,
    n.jalali_month,
    n.settlement_month,
    n.jalali_settlement_month,
    n.salesperson_id,
    n.region_id,
    n.agency_id,
    n.account_id,
    n.side,
    n.currency,
    count(*) as invoice_count,
    sum(n.amount) as amount,
    sum(n.paid_amount) as paid_amount,
    sum(n.settlement_money_days) as settlement_money_days,
    sum(n.variance_money_days) as variance_money_days
  from calc.settled_invoice_now n
  group by
    n.month,
    n.jalali_month,
    n.settlement_month,
    n.jalali_settlement_month,
    n.salesperson_id,
    n.region_id,
    n.agency_id,
    n.account_id,
    n.side,
    n.currency
) f
join ref.account a on a.account_id = f.account_id
join ref.party p on p.party_id = a.party_id
left join ref.salesperson sp on sp.salesperson_id = f.salesperson_id
left join ref.region rg on rg.region_id = f.region_id
left join ref.agency ag on ag.agency_id = f.agency_id;

comment on view bi.settlement is
  'Settled invoices by every dimension at once, to be added up as one likes: the mean settlement period of any group is Σ settlement_money_days / Σ paid_amount, its variance Σ variance_money_days / Σ paid_amount. Group by one calendar''s months, not by both. Key: month, jalali_year, jalali_month, settlement_month, jalali_settlement_year, jalali_settlement_month, salesperson_id, region_id, agency_id, account_id.';
comment on column bi.settlement.month is 'First day of the Gregorian month of the invoice.';
comment on column bi.settlement.settlement_month is 'First day of the Gregorian month of settled_on.';
comment on column bi.settlement.salesperson_id is 'Of the invoice; region and agency likewise.';
comment on column bi.settlement.invoice_count is 'Invoices settled with money; opening and refund stay out.';
comment on column bi.settlement.paid_amount is 'Money on these invoices: the weight of the means.';
comment on column bi.settlement.settlement_money_days is 'Σ money·(value date − invoice date).';
comment on column bi.settlement.variance_money_days is 'Σ money·(value date − due date).';
comment on column bi.settlement.jalali_year is 'Jalali year.';
comment on column bi.settlement.jalali_month is 'Jalali month, 1 (Farvardin) to 12 (Esfand).';
comment on column bi.settlement.jalali_settlement_year is 'Jalali year of settled_on.';
comment on column bi.settlement.jalali_settlement_month is 'Jalali month of settled_on, 1 to 12.';
comment on column bi.settlement.salesperson_name is 'Name of the salesperson.';
comment on column bi.settlement.region_id is 'Of the invoice; null: none.';
comment on column bi.settlement.region_name is 'Name of the region.';
comment on column bi.settlement.agency_id is 'Of the invoice; null: none.';
comment on column bi.settlement.agency_name is 'Name of the agency.';
comment on column bi.settlement.account_id is 'The account: party, side and currency.';
comment on column bi.settlement.party_id is 'The party of the account.';
comment on column bi.settlement.party_code is 'Code of the party.';
comment on column bi.settlement.party_name is 'Name of the party.';
comment on column bi.settlement.side is 'receivable: they owe us; payable: we owe them.';
comment on column bi.settlement.currency is 'Currency of every amount in the row.';
comment on column bi.settlement.amount is 'Amount of these invoices.';
