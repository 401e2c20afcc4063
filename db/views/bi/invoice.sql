create or replace view bi.invoice as
select
  i.account_id,
  a.party_id,
  p.code as party_code,
  p.name as party_name,
  a.side,
  a.currency,
  i.invoice_id,
  i.kind,
  i.doc_no,
  i.doc_date::date as doc_date,
  s.due_date,
  i.payment_term_id,
  i.salesperson_id,
  sp.name as salesperson_name,
  i.region_id,
  rg.name as region_name,
  i.agency_id,
  ag.name as agency_name,
  i.auto_allocate,
  s.line_count,
  i.amount::numeric as amount,
  coalesce(s.credited_amount, 0) as credited_amount,
  coalesce(s.written_off_amount, 0) as written_off_amount,
  f.net_amount,
  coalesce(s.paid_amount, 0) as paid_amount,
  coalesce(s.cleared_amount, 0) as cleared_amount,
  coalesce(s.open_amount, 0) as open_amount,
  f.status,
  f.is_collected,
  f.committed_ras,
  f.committed_days,
  f.settlement_ras,
  f.settlement_days,
  f.variance_days,
  f.timing,
  f.settled_on,
  f.settlement_period_days,
  f.debt_age_days,
  coalesce(s.overdue_amount, 0) as overdue_amount,
  coalesce(s.debt_depth, 0) as debt_depth,
  f.debt_depth_days,
  coalesce(s.risky_amount, 0) as risky_amount,
  f.committed_money_days,
  f.settlement_money_days,
  f.variance_money_days,
  i.source,
  i.external_id,
  i.note
from doc.invoice i
join ref.account a on a.account_id = i.account_id
join ref.party p on p.party_id = a.party_id
cross join calc.this_day t
left join (
  select
    l.account_id,
    l.invoice_id,
    sum(l.open_amount) as open_amount,
    sum(l.credited_amount) as credited_amount,
    sum(l.written_off_amount) as written_off_amount,
    sum(l.paid_amount) as paid_amount,
    sum(l.cleared_amount) as cleared_amount,
    sum(l.amount * (l.due_date - date '2000-01-01')) as due_money_days,
    sum((l.amount - l.credited_amount) * (l.due_date - date '2000-01-01')) as net_due_money_days,
    sum(l.value_money_days) as value_money_days,
    sum(l.value_money_days - l.paid_amount * (l.due_date - date '2000-01-01'))
      as variance_money_days,
    max(l.last_effective_date) as last_effective_date,
    max(l.due_date) as due_date,
    count(*)::int as line_count,
    coalesce(sum(l.open_amount) filter (where l.due_date < (select calc.today())), 0) as overdue_amount,
    sum(l.open_amount * greatest(0, (select calc.today()) - l.due_date)) as debt_depth,
    max((select calc.today()) - l.due_date) filter (where l.is_open) as days_past_due,
    coalesce(
      sum(l.open_amount) filter (where (select calc.today()) - l.due_date > a.risk_days), 0
    ) as risky_amount
  from calc.line l
  join ref.account a on a.account_id = l.account_id
  group by l.account_id, l.invoice_id
) s on s.account_id = i.account_id and s.invoice_id = i.invoice_id
left join ref.salesperson sp on sp.salesperson_id = i.salesperson_id
left join ref.region rg on rg.region_id = i.region_id
left join ref.agency ag on ag.agency_id = i.agency_id
cross join lateral calc.invoice_figure(
  i.kind,
  i.doc_date,
  i.amount,
  a.tolerance_days,
  t.today,
  s.open_amount,
  s.credited_amount,
  s.paid_amount,
  s.cleared_amount,
  s.written_off_amount,
  s.due_money_days,
  s.net_due_money_days,
  s.value_money_days,
  s.variance_money_days,
  s.debt_depth,
  s.days_past_due,
  s.last_effective_date
) f;

comment on view bi.invoice is
  'Each invoice: what settled it, when against what was promised, and what is still open (docs/figures.md). Key: account_id, invoice_id.';
comment on column bi.invoice.due_date is 'Latest due date of its lines; null when void.';
comment on column bi.invoice.salesperson_id is 'Of the invoice, as it was when it was written; region and agency likewise.';
comment on column bi.invoice.line_count is 'Lines: installments, shares of a term, or 1.';
comment on column bi.invoice.credited_amount is 'Allocated from credit notes and adjustments.';
comment on column bi.invoice.written_off_amount is 'The part of credited_amount from write-offs.';
comment on column bi.invoice.net_amount is 'amount − credited_amount.';
comment on column bi.invoice.paid_amount is 'Allocated from money: payments, cheques, set-offs.';
comment on column bi.invoice.cleared_amount is 'The part of paid_amount from payments, set-offs and cleared cheques.';
comment on column bi.invoice.open_amount is 'amount − all allocations.';
comment on column bi.invoice.status is 'void; open (nothing allocated); partial; settled.';
comment on column bi.invoice.is_collected is 'Settled with money, all of it cleared, nothing written off.';
comment on column bi.invoice.committed_ras is 'Ras of (line amount − its credited part) on the due dates; of the line amounts when net_amount is 0.';
comment on column bi.invoice.committed_days is 'committed_ras − doc_date, exact, two decimals.';
comment on column bi.invoice.settlement_ras is 'Ras of the money on its value dates, so far.';
comment on column bi.invoice.settlement_days is 'settlement_ras − doc_date, exact, two decimals.';
comment on column bi.invoice.variance_days is 'Σ money·(value date − due date) / Σ money: minus early, plus late. Null for opening and refund.';
comment on column bi.invoice.timing is 'Settled: on_time within the tolerance, else early or late; with something open: late once a line is past due by more than the tolerance.';
comment on column bi.invoice.settled_on is 'Of a settled invoice: the latest effective date of its allocations.';
comment on column bi.invoice.settlement_period_days is 'settlement_days of a settled invoice with money.';
comment on column bi.invoice.debt_age_days is 'Of an open invoice: today − doc_date.';
comment on column bi.invoice.overdue_amount is 'Open part of lines due before today.';
comment on column bi.invoice.debt_depth is 'Σ open·max(0, today − due), in money·days.';
comment on column bi.invoice.debt_depth_days is 'debt_depth / open_amount.';
comment on column bi.invoice.risky_amount is 'Open part of lines more than risk_days past due.';
comment on column bi.invoice.committed_money_days is 'Numerator of committed_days, to be weighed by net_amount: Σ (line amount − its credited part)·(due date − doc_date).';
comment on column bi.invoice.settlement_money_days is 'Numerator of settlement_days, to be weighed by paid_amount: Σ money·(value date − doc_date). Null for opening and refund: leave their paid_amount out, too.';
comment on column bi.invoice.variance_money_days is 'Numerator of variance_days; weighed and null as settlement_money_days.';
comment on column bi.invoice.account_id is 'The account: one party, on one side, in one currency.';
comment on column bi.invoice.party_id is 'The party of the account.';
comment on column bi.invoice.party_code is 'Code of the party.';
comment on column bi.invoice.party_name is 'Name of the party.';
comment on column bi.invoice.side is 'receivable: they owe us; payable: we owe them.';
comment on column bi.invoice.currency is 'Currency of every amount in the row.';
comment on column bi.invoice.invoice_id is 'The invoice.';
comment on column bi.invoice.kind is 'invoice, debit_note, opening or refund.';
comment on column bi.invoice.doc_no is 'Number of the invoice.';
comment on column bi.invoice.doc_date is 'Day of the invoice.';
comment on column bi.invoice.payment_term_id is 'Its payment term; it counts only without installments and due date of its own.';
comment on column bi.invoice.salesperson_name is 'Name of the salesperson.';
comment on column bi.invoice.region_id is 'The region, taken from the document or the party just as the salesperson is.';
comment on column bi.invoice.region_name is 'Name of the region.';
comment on column bi.invoice.agency_id is 'The agency, taken from the document or the party just as the salesperson is.';
comment on column bi.invoice.agency_name is 'Name of the agency.';
comment on column bi.invoice.auto_allocate is 'Takes part in automatic allocation.';
comment on column bi.invoice.amount is 'Amount of the invoice, also when void.';
comment on column bi.invoice.source is 'Where the document came from, such as manual or erp.';
comment on column bi.invoice.external_id is 'Its key there; null: none.';
comment on column bi.invoice.note is 'Free text of the document.';
