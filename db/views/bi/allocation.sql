create or replace view bi.allocation as
select
  k.account_id,
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
  k.invoice_id,
  i.kind as invoice_kind,
  i.doc_no as invoice_no,
  l.doc_date as invoice_date,
  k.line_no,
  l.due_date,
  c.credit_type,
  k.credit_id,
  coalesce(
    pay.doc_no, chq.serial_no, chq.sayad_id, sof.set_off_no, crn.doc_no, adj.doc_no
  ) as credit_no,
  c.doc_date as credit_date,
  k.amount,
  k.reason,
  nullif(k.pin_id, 0) as pin_id,
  greatest(l.doc_date, c.doc_date) as effective_date,
  c.value_date,
  c.is_cleared
from calc.allocation k
join calc.line l
  on l.account_id = k.account_id
  and l.invoice_id = k.invoice_id
  and l.line_no = k.line_no
join calc.credit c on c.account_id = k.account_id and c.credit_id = k.credit_id
join doc.invoice i on i.account_id = k.account_id and i.invoice_id = k.invoice_id
join ref.account a on a.account_id = k.account_id
join ref.party p on p.party_id = a.party_id
left join ref.salesperson sp on sp.salesperson_id = i.salesperson_id
left join ref.region rg on rg.region_id = i.region_id
left join ref.agency ag on ag.agency_id = i.agency_id
left join doc.payment pay
  on pay.account_id = k.account_id
  and pay.payment_id = k.credit_id
  and c.credit_type = 'payment'
left join doc.cheque chq
  on chq.account_id = k.account_id
  and chq.cheque_id = k.credit_id
  and c.credit_type = 'cheque'
left join doc.set_off sof
  on sof.account_id = k.account_id
  and sof.set_off_id = k.credit_id
  and c.credit_type = 'set_off'
left join doc.credit_note crn
  on crn.account_id = k.account_id
  and crn.credit_note_id = k.credit_id
  and c.credit_type = 'credit_note'
left join doc.adjustment adj
  on adj.account_id = k.account_id
  and adj.adjustment_id = k.credit_id
  and c.credit_type = 'adjustment';

comment on view bi.allocation is
  'So much of this credit settles so much of that line (docs/figures.md). Key: account_id, invoice_id, line_no, credit_type, credit_id, reason, pin_id.';
comment on column bi.allocation.line_no is 'Of an installment or a share of the payment term; 0: the whole invoice.';
comment on column bi.allocation.credit_type is 'payment, cheque, set_off, credit_note or adjustment.';
comment on column bi.allocation.credit_no is 'The number of the credit: of a cheque its serial number or else its Sayad id.';
comment on column bi.allocation.reason is 'linked: the credit names the invoice; pin: a pin told it; auto: by the policy.';
comment on column bi.allocation.effective_date is 'The later of the two documents'' dates.';
comment on column bi.allocation.value_date is 'The day its money counts from; null: not money.';
comment on column bi.allocation.is_cleared is 'A payment, a set-off or a cleared cheque; null: not money.';
comment on column bi.allocation.salesperson_id is 'Of the invoice; region and agency likewise.';
comment on column bi.allocation.account_id is 'The account: one party, on one side, in one currency.';
comment on column bi.allocation.party_id is 'The party of the account.';
comment on column bi.allocation.party_code is 'Code of the party.';
comment on column bi.allocation.party_name is 'Name of the party.';
comment on column bi.allocation.side is 'receivable: they owe us; payable: we owe them.';
comment on column bi.allocation.currency is 'Currency of every amount in the row.';
comment on column bi.allocation.salesperson_name is 'Name of the salesperson.';
comment on column bi.allocation.region_id is 'The region, taken from the document or the party just as the salesperson is.';
comment on column bi.allocation.region_name is 'Name of the region.';
comment on column bi.allocation.agency_id is 'The agency, taken from the document or the party just as the salesperson is.';
comment on column bi.allocation.agency_name is 'Name of the agency.';
comment on column bi.allocation.invoice_id is 'The invoice.';
comment on column bi.allocation.invoice_kind is 'invoice, debit_note, opening or refund.';
comment on column bi.allocation.invoice_no is 'Number of the invoice.';
comment on column bi.allocation.invoice_date is 'Day of the invoice.';
comment on column bi.allocation.due_date is 'Due date of the line.';
comment on column bi.allocation.credit_id is 'The credit: payment_id, cheque_id, … by credit_type.';
comment on column bi.allocation.credit_date is 'Day of the credit document.';
comment on column bi.allocation.amount is 'So much of the credit settles so much of the line.';
comment on column bi.allocation.pin_id is 'The pin that told it; null: none.';
