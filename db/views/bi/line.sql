create or replace view bi.line as
select
  l.account_id,
  a.party_id,
  p.code as party_code,
  p.name as party_name,
  a.side,
  a.currency,
  i.salesperson_id,
  sp.name as salesperson_name,
  i.region_id,
  rg.name as region_name,
  i.agency_id,
  ag.name as agency_name,
  l.invoice_id,
  i.kind as invoice_kind,
  i.doc_no as invoice_no,
  l.doc_date as invoice_date,
  l.line_no,
  l.due_date,
  t.today - l.due_date as days_past_due,
  l.amount,
  l.credited_amount,
  l.paid_amount,
  l.open_amount,
  l.is_open,
  l.is_open and l.due_date < t.today as is_overdue,
  l.is_open and t.today - l.due_date > a.risk_days as is_risky,
  i.auto_allocate,
  l.open_amount * greatest(0, t.today - l.due_date) as debt_depth,
  case
    when not l.is_open then null
    when l.due_date >= t.today then 'not_due'
    when t.today - l.due_date <= 30 then 'd1_30'
    when t.today - l.due_date <= 60 then 'd31_60'
    when t.today - l.due_date <= 90 then 'd61_90'
    when t.today - l.due_date <= 120 then 'd91_120'
    else 'over_120'
  end as bucket
from calc.line l
join ref.account a on a.account_id = l.account_id
join ref.party p on p.party_id = a.party_id
left join doc.invoice i on i.account_id = l.account_id and i.invoice_id = l.invoice_id
cross join calc.this_day t
left join ref.salesperson sp on sp.salesperson_id = i.salesperson_id
left join ref.region rg on rg.region_id = i.region_id
left join ref.agency ag on ag.agency_id = i.agency_id;

comment on view bi.line is
  'Each line of the counted invoices: an installment, a share of the payment term, or the whole invoice. Key: account_id, invoice_id, line_no.';
comment on column bi.line.account_id is 'The account: one party, on one side, in one currency.';
comment on column bi.line.party_id is 'The party of the account.';
comment on column bi.line.party_code is 'Code of the party.';
comment on column bi.line.party_name is 'Name of the party.';
comment on column bi.line.side is 'receivable: they owe us; payable: we owe them.';
comment on column bi.line.currency is 'Currency of every amount in the row.';
comment on column bi.line.salesperson_id is 'Of the invoice, as it was when it was written; region and agency likewise.';
comment on column bi.line.salesperson_name is 'Name of the salesperson.';
comment on column bi.line.region_id is 'The region, taken from the document or the party just as the salesperson is.';
comment on column bi.line.region_name is 'Name of the region.';
comment on column bi.line.agency_id is 'The agency, taken from the document or the party just as the salesperson is.';
comment on column bi.line.agency_name is 'Name of the agency.';
comment on column bi.line.invoice_id is 'The invoice.';
comment on column bi.line.invoice_kind is 'invoice, debit_note, opening or refund.';
comment on column bi.line.invoice_no is 'Number of the invoice.';
comment on column bi.line.invoice_date is 'Day of the invoice.';
comment on column bi.line.line_no is 'Of an installment or a share of the payment term; 0: the whole invoice.';
comment on column bi.line.due_date is 'Day by which it was promised.';
comment on column bi.line.days_past_due is 'Today − due_date; minus: not yet due.';
comment on column bi.line.amount is 'Amount of the line.';
comment on column bi.line.credited_amount is 'Allocated from credit notes and adjustments.';
comment on column bi.line.paid_amount is 'Allocated from money: payments, cheques, set-offs.';
comment on column bi.line.open_amount is 'amount − all allocations.';
comment on column bi.line.is_open is 'open_amount > 0; has an index.';
comment on column bi.line.is_overdue is 'Open, and due before today.';
comment on column bi.line.is_risky is 'Open, and more than the account''s risk_days past due.';
comment on column bi.line.auto_allocate is 'The invoice takes part in automatic allocation.';
comment on column bi.line.debt_depth is 'open_amount · max(0, days_past_due), in money·days.';
comment on column bi.line.bucket is 'Of an open line: not_due, d1_30, d31_60, d61_90, d91_120 or over_120, as in bi.aging.';
