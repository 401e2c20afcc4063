create or replace view bi.debt_by_region as
select
  o.key_id as region_id,
  region.code as region_code,
  region.name as region_name,
  o.side,
  o.currency,
  o.invoice_count,
  o.open_amount,
  o.unapplied_amount,
  o.balance,
  o.blocked_amount,
  o.uncleared_amount,
  o.uncleared_ras,
  o.bounced_amount,
  o.exposure_amount,
  o.debt_ras,
  o.debt_age_days,
  o.due_ras,
  o.overdue_amount,
  o.debt_depth,
  o.debt_depth_days,
  o.risky_amount,
  o.risky_share,
  o.not_due,
  o.d1_30,
  o.d31_60,
  o.d61_90,
  o.d91_120,
  o.over_120,
  o.debt_money_days,
  o.due_money_days
from calc.debt_by o
left join ref.region on region.region_id = o.key_id
where o.dimension = 'region';

comment on view bi.debt_by_region is
  'What is open and how deep, by region of the invoice, and what is left over, not yet cleared or bounced, by the party''s present region (docs/figures.md). Key: region_id, side, currency.';
comment on column bi.debt_by_region.invoice_count is 'Invoices with something open.';
comment on column bi.debt_by_region.open_amount is 'Open part of these invoices.';
comment on column bi.debt_by_region.unapplied_amount is 'Left of all counted credits of the parties.';
comment on column bi.debt_by_region.balance is 'open_amount − unapplied_amount.';
comment on column bi.debt_by_region.blocked_amount is 'Open on invoices kept from automatic allocation.';
comment on column bi.debt_by_region.uncleared_amount is 'Counted cheques of the parties not cleared.';
comment on column bi.debt_by_region.uncleared_ras is 'Ras of counted cheques not cleared, on their days.';
comment on column bi.debt_by_region.bounced_amount is 'Payment cheques of the parties now bounced, less what the bank paid of them; already inside balance.';
comment on column bi.debt_by_region.exposure_amount is 'balance + uncleared_amount.';
comment on column bi.debt_by_region.debt_ras is 'Ras of open amounts on invoice dates.';
comment on column bi.debt_by_region.debt_age_days is 'Today − debt_ras, exact, two decimals.';
comment on column bi.debt_by_region.due_ras is 'Ras of open amounts on due dates.';
comment on column bi.debt_by_region.overdue_amount is 'Open part of lines due before today.';
comment on column bi.debt_by_region.debt_depth is 'Σ open·max(0, today − due), in money·days.';
comment on column bi.debt_by_region.debt_depth_days is 'debt_depth / open_amount.';
comment on column bi.debt_by_region.risky_amount is 'Open part of lines more than the account''s risk_days past due.';
comment on column bi.debt_by_region.risky_share is 'risky_amount / open_amount, four decimals.';
comment on column bi.debt_by_region.not_due is 'Due today or later; the buckets add up to open_amount.';
comment on column bi.debt_by_region.debt_money_days is 'Σ open·(today − invoice date): over open_amount it is the mean age.';
comment on column bi.debt_by_region.due_money_days is 'Σ open·(today − due), lines not yet due counting below 0.';
comment on column bi.debt_by_region.region_id is 'Of the invoice; of the party at present, where there is none: credits and cheques. Null: none.';
comment on column bi.debt_by_region.region_code is 'Code of the region.';
comment on column bi.debt_by_region.region_name is 'Name of the region.';
comment on column bi.debt_by_region.side is 'receivable: they owe us; payable: we owe them.';
comment on column bi.debt_by_region.currency is 'Currency of every amount in the row.';
comment on column bi.debt_by_region.d1_30 is '1 to 30 days past due.';
comment on column bi.debt_by_region.d31_60 is '31 to 60 days past due.';
comment on column bi.debt_by_region.d61_90 is '61 to 90 days past due.';
comment on column bi.debt_by_region.d91_120 is '91 to 120 days past due.';
comment on column bi.debt_by_region.over_120 is 'More than 120 days past due.';
