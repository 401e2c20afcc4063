create or replace view bi.month_end as
select
  m.as_of::date as as_of,
  m.kept_at,
  m.kept_by,
  k.account_id,
  k.party_id,
  k.party_code,
  k.party_name,
  k.side,
  k.currency,
  k.salesperson_id,
  k.salesperson_name,
  k.region_id,
  k.region_name,
  k.agency_id,
  k.agency_name,
  k.policy,
  k.credit_limit,
  k.tolerance_days,
  k.risk_days,
  k.open_amount,
  k.unapplied_amount,
  k.balance,
  k.blocked_amount,
  k.uncleared_amount,
  k.uncleared_ras,
  k.bounced_amount,
  k.exposure_amount,
  k.credit_room,
  k.debt_ras,
  k.debt_age_days,
  k.due_ras,
  k.overdue_amount,
  k.debt_depth,
  k.debt_depth_days,
  k.risky_amount,
  k.risky_share,
  k.settled_paid_amount,
  k.settlement_period_days,
  k.variance_days,
  k.settlement_money_days,
  k.variance_money_days,
  k.not_due,
  k.d1_30,
  k.d31_60,
  k.d61_90,
  k.d91_120,
  k.over_120
from audit.month_end m
join audit.month_end_account k on k.month_end_id = m.month_end_id
where not exists (
  select
  from audit.month_end n
  where n.as_of = m.as_of
    and n.month_end_id > m.month_end_id
);

comment on view bi.month_end is
  'The figures of each account and its aging as they were kept when the month was closed (rasid close-month); later corrections don''t alter them. Key: as_of, account_id.';
comment on column bi.month_end.as_of is 'The last day of the month, Gregorian or Jalali.';
comment on column bi.month_end.kept_at is 'When the figures were kept; of several keepings of a day the last one is shown.';
comment on column bi.month_end.kept_by is 'Who kept them.';
comment on column bi.month_end.account_id is 'The account (ref.account).';
comment on column bi.month_end.party_id is 'The customer or supplier (ref.party).';
comment on column bi.month_end.party_code is 'Its code.';
comment on column bi.month_end.party_name is 'Its name, as it was when the month was kept.';
comment on column bi.month_end.side is 'receivable: they owe us; payable: we owe them.';
comment on column bi.month_end.currency is 'Of every amount in the row.';
comment on column bi.month_end.salesperson_id is 'Of the party when the month was kept; region and agency likewise.';
comment on column bi.month_end.salesperson_name is 'Name of the salesperson.';
comment on column bi.month_end.region_id is 'Region of the party.';
comment on column bi.month_end.region_name is 'Its name.';
comment on column bi.month_end.agency_id is 'Agency of the party.';
comment on column bi.month_end.agency_name is 'Its name.';
comment on column bi.month_end.policy is 'fifo_issue, fifo_due or manual.';
comment on column bi.month_end.credit_limit is 'Most that might be owed; null: no limit.';
comment on column bi.month_end.tolerance_days is 'Within so many days is on time.';
comment on column bi.month_end.risk_days is 'More than so many days past due is risky.';
comment on column bi.month_end.open_amount is 'Open part of all invoices.';
comment on column bi.month_end.unapplied_amount is 'Left of all counted credits.';
comment on column bi.month_end.balance is 'open_amount − unapplied_amount.';
comment on column bi.month_end.blocked_amount is 'Open on invoices kept from automatic allocation.';
comment on column bi.month_end.uncleared_amount is 'Counted cheques not cleared.';
comment on column bi.month_end.uncleared_ras is 'Ras of counted cheques not cleared, on their days.';
comment on column bi.month_end.bounced_amount is 'Payment cheques now bounced, less what the bank paid of them; already inside balance.';
comment on column bi.month_end.exposure_amount is 'balance + uncleared_amount.';
comment on column bi.month_end.credit_room is 'credit_limit − exposure_amount; null: no limit.';
comment on column bi.month_end.debt_ras is 'Ras of open amounts on invoice dates.';
comment on column bi.month_end.debt_age_days is 'The day − debt_ras, exact, two decimals.';
comment on column bi.month_end.due_ras is 'Ras of open amounts on due dates.';
comment on column bi.month_end.overdue_amount is 'Open part of lines due before the day.';
comment on column bi.month_end.debt_depth is 'Σ open·max(0, the day − due), in money·days.';
comment on column bi.month_end.debt_depth_days is 'debt_depth / open_amount.';
comment on column bi.month_end.risky_amount is 'Open part of lines more than risk_days past due.';
comment on column bi.month_end.risky_share is 'risky_amount / open_amount, four decimals.';
comment on column bi.month_end.settled_paid_amount is 'Money on settled invoices (not opening, refund): the weight of the two means.';
comment on column bi.month_end.settlement_period_days is 'Over settled invoices, weighted by paid_amount.';
comment on column bi.month_end.variance_days is 'Over settled invoices, weighted by paid_amount: minus early, plus late.';
comment on column bi.month_end.settlement_money_days is 'Numerator of settlement_period_days.';
comment on column bi.month_end.variance_money_days is 'Numerator of variance_days.';
comment on column bi.month_end.not_due is 'Open, due that day or later.';
comment on column bi.month_end.d1_30 is 'Open, 1 to 30 days past due.';
comment on column bi.month_end.d31_60 is 'Open, 31 to 60 days past due.';
comment on column bi.month_end.d61_90 is 'Open, 61 to 90 days past due.';
comment on column bi.month_end.d91_120 is 'Open, 91 to 120 days past due.';
comment on column bi.month_end.over_120 is 'Open, more than 120 days past due.';
