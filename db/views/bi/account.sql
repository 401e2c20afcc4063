-- Read for one account at a time above all: then most of the time goes into setting up the plan, so
-- what can be added up in one go is, and each join carries as little as it can.

create or replace view bi.account as
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
  a.policy,
  a.credit_limit,
  a.tolerance_days,
  a.risk_days,
  f.open_amount,
  f.unapplied_amount,
  f.balance,
  f.blocked_amount,
  f.uncleared_amount,
  f.uncleared_ras,
  f.bounced_amount,
  f.exposure_amount,
  f.credit_room,
  f.debt_ras,
  f.debt_age_days,
  f.due_ras,
  f.overdue_amount,
  f.debt_depth,
  f.debt_depth_days,
  f.risky_amount,
  f.risky_share,
  f.settled_paid_amount,
  f.settlement_period_days,
  f.variance_days,
  f.settlement_money_days,
  f.variance_money_days
from ref.account a
join ref.party p on p.party_id = a.party_id
left join ref.salesperson sp on sp.salesperson_id = p.salesperson_id
left join ref.region rg on rg.region_id = p.region_id
left join ref.agency ag on ag.agency_id = p.agency_id
left join calc.account k on k.account_id = a.account_id
cross join calc.this_day t
cross join lateral (
  select
    sum(l.open_amount) as open_amount,
    sum(l.open_amount) filter (where not l.is_auto) as blocked_amount,
    sum(l.open_amount * (l.doc_date - date '2000-01-01')) as doc_money_days,
    sum(l.open_amount * (l.due_date - date '2000-01-01')) as due_money_days,
    sum(l.open_amount) filter (where l.due_date < t.today) as overdue_amount,
    sum(l.open_amount * greatest(0, t.today - l.due_date)) as debt_depth,
    coalesce(sum(l.open_amount) filter (where t.today - l.due_date > a.risk_days), 0)
      as risky_amount,
    sum(l.paid_amount) filter (where l.is_measured) as paid_amount,
    sum(l.value_money_days - l.paid_amount * (l.doc_date - date '2000-01-01'))
      filter (where l.is_measured) as settlement_money_days,
    sum(l.value_money_days - l.paid_amount * (l.due_date - date '2000-01-01'))
      filter (where l.is_measured) as variance_money_days
  from (
    select
      l.open_amount, l.is_auto, l.doc_date, l.due_date, l.paid_amount, l.is_measured,
      l.value_money_days
    from calc.line l
    where l.account_id = a.account_id
      and l.is_open
    union all
    -- calc.account adds up every invoice; those with something open come off again: their open
    -- lines above, the lines of theirs that are settled here.
    select
      l.open_amount, l.is_auto, l.doc_date, l.due_date, l.paid_amount, l.is_measured,
      l.value_money_days
    from calc.line l
    where l.account_id = a.account_id
      and l.invoice_id = any (array(
        select o.invoice_id
        from calc.line o
        where o.account_id = a.account_id
          and o.is_open
          and o.line_no > 0
      ))
      and l.is_measured
      and not l.is_open
  ) l
) o
cross join lateral (
  select
    sum(c.unapplied_amount) as unapplied_amount,
    sum(c.uncleared_amount) as uncleared_amount,
    sum(c.uncleared_money_days) as uncleared_money_days,
    sum(c.bounced_amount) as bounced_amount
  from (
    select
      c.unapplied_amount,
      null::numeric as uncleared_amount,
      null::numeric as uncleared_money_days,
      null::numeric as bounced_amount
    from calc.credit c
    where c.account_id = a.account_id
      and c.is_left
    union all
    select
      null,
      c.amount,
      c.amount * (c.value_date - date '2000-01-01'),
      null
    from calc.credit c
    where c.account_id = a.account_id
      and not c.is_cleared
    union all
    select
      null,
      null,
      null,
      calc.bounced_amount(q.account_id, q.cheque_id, q.amount)
    from doc.cheque q
    where q.account_id = a.account_id
      and q.kind = 'payment'
      and q.status = 'bounced'
  ) c
) c
cross join lateral calc.account_figure(
  t.today,
  a.credit_limit,
  o.open_amount,
  o.blocked_amount,
  o.doc_money_days,
  o.due_money_days,
  o.overdue_amount,
  o.debt_depth,
  o.risky_amount,
  c.unapplied_amount,
  c.uncleared_amount,
  c.uncleared_money_days,
  c.bounced_amount,
  coalesce(k.paid_amount, 0) - coalesce(o.paid_amount, 0),
  coalesce(k.settlement_money_days, 0) - coalesce(o.settlement_money_days, 0),
  coalesce(k.variance_money_days, 0) - coalesce(o.variance_money_days, 0)
) f;

comment on view bi.account is
  'Each account: what is owed and how deep, what is left over, what is not yet cleared, and how it settles (docs/figures.md). Key: account_id.';
comment on column bi.account.salesperson_id is 'Of the party, at present; region and agency likewise.';
comment on column bi.account.open_amount is 'Open part of all invoices.';
comment on column bi.account.unapplied_amount is 'Left of all counted credits.';
comment on column bi.account.balance is 'open_amount − unapplied_amount.';
comment on column bi.account.blocked_amount is 'Open on invoices kept from automatic allocation.';
comment on column bi.account.uncleared_amount is 'Counted cheques not cleared.';
comment on column bi.account.uncleared_ras is 'Ras of counted cheques not cleared, on their days.';
comment on column bi.account.bounced_amount is 'Payment cheques now bounced, less what the bank paid of them; already inside balance.';
comment on column bi.account.exposure_amount is 'balance + uncleared_amount.';
comment on column bi.account.credit_room is 'credit_limit − exposure_amount; null: no limit.';
comment on column bi.account.debt_ras is 'Ras of open amounts on invoice dates.';
comment on column bi.account.debt_age_days is 'Today − debt_ras, exact, two decimals.';
comment on column bi.account.due_ras is 'Ras of open amounts on due dates.';
comment on column bi.account.overdue_amount is 'Open part of lines due before today.';
comment on column bi.account.debt_depth is 'Σ open·max(0, today − due), in money·days.';
comment on column bi.account.debt_depth_days is 'debt_depth / open_amount.';
comment on column bi.account.risky_amount is 'Open part of lines more than risk_days past due.';
comment on column bi.account.risky_share is 'risky_amount / open_amount, four decimals.';
comment on column bi.account.settled_paid_amount is 'Money on settled invoices (not opening, refund): the weight of the two means.';
comment on column bi.account.settlement_period_days is 'Over settled invoices, weighted by paid_amount.';
comment on column bi.account.variance_days is 'Over settled invoices, weighted by paid_amount: minus early, plus late.';
comment on column bi.account.settlement_money_days is 'Numerator of settlement_period_days.';
comment on column bi.account.variance_money_days is 'Numerator of variance_days.';
comment on column bi.account.account_id is 'The account: one party, on one side, in one currency.';
comment on column bi.account.party_id is 'The party of the account.';
comment on column bi.account.party_code is 'Code of the party.';
comment on column bi.account.party_name is 'Name of the party.';
comment on column bi.account.side is 'receivable: they owe us; payable: we owe them.';
comment on column bi.account.currency is 'Currency of every amount in the row.';
comment on column bi.account.salesperson_name is 'Name of the salesperson.';
comment on column bi.account.region_id is 'The region, taken from the document or the party just as the salesperson is.';
comment on column bi.account.region_name is 'Name of the region.';
comment on column bi.account.agency_id is 'The agency, taken from the document or the party just as the salesperson is.';
comment on column bi.account.agency_name is 'Name of the agency.';
comment on column bi.account.policy is 'Order in which credits find lines: fifo_issue, fifo_due or manual.';
comment on column bi.account.credit_limit is 'Most that may be owed; null: no limit.';
comment on column bi.account.tolerance_days is 'Settled within so many days of the commitment is on time.';
comment on column bi.account.risk_days is 'Open money more than so many days past due is in the risky zone.';
