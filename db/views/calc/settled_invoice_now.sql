create or replace view calc.settled_invoice_now as
select
  f.account_id,
  f.invoice_id,
  f.month,
  f.jalali_month,
  f.settlement_month,
  f.jalali_settlement_month,
  f.side,
  f.currency,
  f.salesperson_id,
  f.region_id,
  f.agency_id,
  f.amount,
  f.paid_amount,
  f.settlement_money_days,
  f.variance_money_days,
  f.settlement_days,
  f.variance_days
from calc.settled_invoice f
where f.month not in (
  select m.month
  from calc.marked_month m
)
union all
select
  l.account_id,
  l.invoice_id,
  l.month,
  l.jalali_month,
  l.settlement_month,
  l.jalali_settlement_month,
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
from calc.settled_invoice_live l;

comment on view calc.settled_invoice_now is
  'Invoices settled with money, never stale: unmarked months from the materialized view, marked ones computed now. Key: account_id, invoice_id.';
