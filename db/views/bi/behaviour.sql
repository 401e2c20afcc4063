create or replace view bi.behaviour as
select
  a.account_id,
  a.party_id,
  p.code as party_code,
  p.name as party_name,
  a.side,
  a.currency,
  p.salesperson_id,
  sp.name as salesperson_name,
  p.region_id,
  rg.name as region_name,
  p.agency_id,
  ag.name as agency_name,
  a.tolerance_days,
  y.class,
  y.score,
  y.settled_count,
  y.settled_amount,
  y.early_amount,
  y.on_time_amount,
  y.paid_late_amount,
  y.written_off_amount,
  y.overdue_amount,
  y.late_amount,
  y.measured_amount,
  y.early_share,
  y.on_time_share,
  y.late_share,
  y.variance_days,
  y.lateness_days,
  round(f.recent_money_days / nullif(f.recent_amount, 0), 2) as recent_lateness_days,
  round(f.before_money_days / nullif(f.before_amount, 0), 2) as before_lateness_days,
  round(
    f.recent_money_days / nullif(f.recent_amount, 0)
      - f.before_money_days / nullif(f.before_amount, 0),
    2
  ) as trend_days,
  y.bounced_count,
  y.bounced_amount,
  y.presented_amount,
  y.bounced_share,
  y.variance_money_days,
  y.lateness_money_days,
  e.class as all_class,
  e.score as all_score,
  e.settled_count as all_settled_count,
  e.settled_amount as all_settled_amount,
  e.early_amount as all_early_amount,
  e.on_time_amount as all_on_time_amount,
  e.paid_late_amount as all_paid_late_amount,
  e.written_off_amount as all_written_off_amount,
  e.late_amount as all_late_amount,
  e.measured_amount as all_measured_amount,
  e.early_share as all_early_share,
  e.on_time_share as all_on_time_share,
  e.late_share as all_late_share,
  e.variance_days as all_variance_days,
  e.lateness_days as all_lateness_days,
  e.bounced_count as all_bounced_count,
  e.bounced_amount as all_bounced_amount,
  e.presented_amount as all_presented_amount,
  e.bounced_share as all_bounced_share
from ref.account a
join ref.party p on p.party_id = a.party_id
left join ref.salesperson sp on sp.salesperson_id = p.salesperson_id
left join ref.region rg on rg.region_id = p.region_id
left join ref.agency ag on ag.agency_id = p.agency_id
left join calc.settled_window w on w.account_id = a.account_id
cross join lateral calc.settled_between(w.till_now, w.till_year) v
cross join lateral calc.settled_between(w.till_now, null) t
cross join lateral calc.settled_between(w.till_now, w.till_quarter) r
cross join lateral calc.settled_between(w.till_quarter, w.till_year) b
left join (
  -- Overdue past the tolerance: as if it were paid today.
  select
    l.account_id,
    sum(l.open_amount) as amount,
    sum(l.open_amount * ((select calc.today()) - l.due_date)) as money_days
  from calc.line l
  join ref.account a on a.account_id = l.account_id
  where l.is_open
    and l.is_measured
    -- What is overdue is found by its day; a tolerance is never below 0.
    and l.due_date < (select calc.today())
    and l.due_date < (select calc.today()) - a.tolerance_days
  group by l.account_id
) o on o.account_id = a.account_id
left join calc.presented_cheque q on q.account_id = a.account_id
cross join lateral calc.behaviour_figure(
  a.tolerance_days,
  v.settled_count,
  v.early_amount,
  v.on_time_amount,
  v.paid_late_amount,
  v.written_off_amount,
  o.amount,
  v.variance_money_days,
  v.late_money_days + coalesce(o.money_days, 0),
  q.bounced_count,
  q.bounced_amount,
  q.presented_amount
) y
cross join lateral calc.behaviour_figure(
  a.tolerance_days,
  t.settled_count,
  t.early_amount,
  t.on_time_amount,
  t.paid_late_amount,
  t.written_off_amount,
  o.amount,
  t.variance_money_days,
  t.late_money_days + coalesce(o.money_days, 0),
  q.all_bounced_count,
  q.all_bounced_amount,
  q.all_presented_amount
) e
cross join lateral (
  -- A quarter's money, what was written off with it, and its money·days.
  select
    r.settled_amount + r.written_off_amount as recent_amount,
    r.variance_money_days + r.late_money_days as recent_money_days,
    b.settled_amount + b.written_off_amount as before_amount,
    b.variance_money_days + b.late_money_days as before_money_days
) f;

comment on view bi.behaviour is
  'How each account pays: over the last 12 months, and with the prefix all_ over all time, today''s overdue debt included in both. Key: account_id.';
comment on column bi.behaviour.tolerance_days is 'Of the account: within so many days of the commitment is on time.';
comment on column bi.behaviour.class is
  'no_history: settled_count under 3; structurally_late: lateness_days over the tolerance and late_share at least 0.6; late: lateness_days over the tolerance; early: lateness_days under minus the tolerance; on_time.';
comment on column bi.behaviour.score is
  '100 − min(60, 2·max(0, lateness_days)) − min(25, 25·late_share) − min(15, 5·bounced_count), one decimal; null: nothing is known.';
comment on column bi.behaviour.settled_count is 'Invoices settled in the window with money or a write-off (not opening, refund, nor those returned as a whole).';
comment on column bi.behaviour.settled_amount is 'Money on those invoices: early_amount + on_time_amount + paid_late_amount.';
comment on column bi.behaviour.early_amount is 'Money on invoices settled earlier than the tolerance.';
comment on column bi.behaviour.on_time_amount is 'Money on invoices settled within the tolerance.';
comment on column bi.behaviour.paid_late_amount is 'Money on invoices settled later than the tolerance.';
comment on column bi.behaviour.written_off_amount is 'Written off in the window, on settled and open invoices.';
comment on column bi.behaviour.overdue_amount is 'Open part, today, of lines more than the tolerance past due, whenever they fell due.';
comment on column bi.behaviour.late_amount is 'paid_late_amount + written_off_amount + overdue_amount.';
comment on column bi.behaviour.measured_amount is 'early_amount + on_time_amount + late_amount: the weight of the shares and of lateness_days.';
comment on column bi.behaviour.early_share is 'early_amount / measured_amount, four decimals.';
comment on column bi.behaviour.on_time_share is 'on_time_amount / measured_amount, four decimals.';
comment on column bi.behaviour.late_share is 'late_amount / measured_amount, four decimals.';
comment on column bi.behaviour.variance_days is 'Of the settled invoices alone, weighted by money: minus early, plus late.';
comment on column bi.behaviour.lateness_days is
  'The same with what was written off, as if paid that day (and never early), and what is overdue, as if paid today: what class and score go by.';
comment on column bi.behaviour.recent_lateness_days is 'Of what was settled or written off in the last 3 months.';
comment on column bi.behaviour.before_lateness_days is 'Of what was settled or written off in the 9 months before.';
comment on column bi.behaviour.trend_days is
  'recent_lateness_days − before_lateness_days: plus: getting later. Overdue debt stays out, having no past to be held against.';
comment on column bi.behaviour.bounced_count is 'Payment cheques that bounced in the window, made good since or not; void ones left out.';
comment on column bi.behaviour.bounced_amount is 'Their amount.';
comment on column bi.behaviour.presented_amount is 'Amount of the payment cheques that cleared or bounced in the window.';
comment on column bi.behaviour.bounced_share is 'bounced_amount / presented_amount, four decimals.';
comment on column bi.behaviour.variance_money_days is 'Numerator of variance_days, whose weight is settled_amount.';
comment on column bi.behaviour.lateness_money_days is 'Numerator of lateness_days, whose weight is measured_amount.';
comment on column bi.behaviour.all_class is 'class over all time.';
comment on column bi.behaviour.all_score is 'score over all time.';
comment on column bi.behaviour.all_settled_count is 'settled_count over all time.';
comment on column bi.behaviour.all_settled_amount is 'settled_amount over all time.';
comment on column bi.behaviour.all_early_amount is 'early_amount over all time.';
comment on column bi.behaviour.all_on_time_amount is 'on_time_amount over all time.';
comment on column bi.behaviour.all_paid_late_amount is 'paid_late_amount over all time.';
comment on column bi.behaviour.all_written_off_amount is 'written_off_amount over all time.';
comment on column bi.behaviour.all_late_amount is 'late_amount over all time; overdue_amount is the same in both windows.';
comment on column bi.behaviour.all_measured_amount is 'measured_amount over all time.';
comment on column bi.behaviour.all_early_share is 'early_share over all time.';
comment on column bi.behaviour.all_on_time_share is 'on_time_share over all time.';
comment on column bi.behaviour.all_late_share is 'late_share over all time.';
comment on column bi.behaviour.all_variance_days is 'variance_days over all time: that of bi.account.';
comment on column bi.behaviour.all_lateness_days is 'lateness_days over all time.';
comment on column bi.behaviour.all_bounced_count is 'bounced_count over all time.';
comment on column bi.behaviour.all_bounced_amount is 'bounced_amount over all time.';
comment on column bi.behaviour.all_presented_amount is 'presented_amount over all time.';
comment on column bi.behaviour.all_bounced_share is 'bounced_share over all time.';
comment on column bi.behaviour.account_id is 'The account: one party, on one side, in one currency.';
comment on column bi.behaviour.party_id is 'The party of the account.';
comment on column bi.behaviour.party_code is 'Code of the party.';
comment on column bi.behaviour.party_name is 'Name of the party.';
comment on column bi.behaviour.side is 'receivable: they owe us; payable: we owe them.';
comment on column bi.behaviour.currency is 'Currency of every amount in the row.';
comment on column bi.behaviour.salesperson_name is 'Name of the salesperson.';
comment on column bi.behaviour.region_id is 'The region, taken from the document or the party just as the salesperson is.';
comment on column bi.behaviour.region_name is 'Name of the region.';
comment on column bi.behaviour.agency_id is 'The agency, taken from the document or the party just as the salesperson is.';
comment on column bi.behaviour.agency_name is 'Name of the agency.';
comment on column bi.behaviour.salesperson_id is 'Of the party, at present; region and agency likewise.';
