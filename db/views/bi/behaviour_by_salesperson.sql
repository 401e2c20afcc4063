create or replace view bi.behaviour_by_salesperson as
select
  b.side,
  b.currency,
  b.salesperson_id,
  b.salesperson_name,
  count(*) as account_count,
  count(*) filter (where b.class = 'early') as early_count,
  count(*) filter (where b.class = 'on_time') as on_time_count,
  count(*) filter (where b.class = 'late') as late_count,
  count(*) filter (where b.class = 'structurally_late') as structurally_late_count,
  count(*) filter (where b.class = 'no_history') as no_history_count,
  sum(b.settled_count) as settled_count,
  sum(b.settled_amount) as settled_amount,
  sum(b.late_amount) as late_amount,
  sum(b.measured_amount) as measured_amount,
  round(sum(b.late_amount) / nullif(sum(b.measured_amount), 0), 4) as late_share,
  round(sum(b.variance_money_days) / nullif(sum(b.settled_amount), 0), 2) as variance_days,
  round(sum(b.lateness_money_days) / nullif(sum(b.measured_amount), 0), 2) as lateness_days,
  sum(b.bounced_count) as bounced_count,
  sum(b.bounced_amount) as bounced_amount,
  sum(b.presented_amount) as presented_amount,
  round(sum(b.bounced_amount) / nullif(sum(b.presented_amount), 0), 4) as bounced_share
from bi.behaviour b
group by
  b.side,
  b.currency,
  b.salesperson_id,
  b.salesperson_name;

comment on view bi.behaviour_by_salesperson is
  'How the accounts of each salesperson pay, over the last 12 months; days and shares from the sums. Key: side, currency, salesperson_id.';
comment on column bi.behaviour_by_salesperson.side is 'receivable: they owe us; payable: we owe them.';
comment on column bi.behaviour_by_salesperson.currency is 'Currency of every amount in the row.';
comment on column bi.behaviour_by_salesperson.salesperson_id is 'Of the party, at present; null: none.';
comment on column bi.behaviour_by_salesperson.salesperson_name is 'Name of the salesperson.';
comment on column bi.behaviour_by_salesperson.account_count is 'Accounts.';
comment on column bi.behaviour_by_salesperson.early_count is 'Accounts of class early.';
comment on column bi.behaviour_by_salesperson.on_time_count is 'Accounts of class on_time.';
comment on column bi.behaviour_by_salesperson.late_count is 'Accounts of class late.';
comment on column bi.behaviour_by_salesperson.structurally_late_count is 'Accounts of class structurally_late.';
comment on column bi.behaviour_by_salesperson.no_history_count is 'Accounts of class no_history.';
comment on column bi.behaviour_by_salesperson.settled_count is 'Invoices settled.';
comment on column bi.behaviour_by_salesperson.settled_amount is 'Money on them.';
comment on column bi.behaviour_by_salesperson.late_amount is 'Paid late, written off, or overdue past the tolerance.';
comment on column bi.behaviour_by_salesperson.measured_amount is 'Settled, written off, or overdue past the tolerance.';
comment on column bi.behaviour_by_salesperson.late_share is 'late_amount / measured_amount, four decimals.';
comment on column bi.behaviour_by_salesperson.variance_days is 'Of the settled invoices alone, weighted by money.';
comment on column bi.behaviour_by_salesperson.lateness_days is 'The same with what was written off and what is overdue, as in bi.behaviour.';
comment on column bi.behaviour_by_salesperson.bounced_count is 'Payment cheques that bounced.';
comment on column bi.behaviour_by_salesperson.bounced_amount is 'Their amount.';
comment on column bi.behaviour_by_salesperson.presented_amount is 'Amount of the payment cheques that cleared or bounced.';
comment on column bi.behaviour_by_salesperson.bounced_share is 'bounced_amount / presented_amount, four decimals.';
