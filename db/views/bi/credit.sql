create or replace view bi.credit as
select
  d.account_id,
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
  d.credit_type,
  d.credit_id,
  d.kind,
  d.doc_no,
  d.doc_date,
  c.value_date,
  d.amount,
  d.status,
  c.credit_id is not null as is_counted,
  coalesce(c.amount, 0) as counted_amount,
  coalesce(c.amount - c.unapplied_amount, 0) as allocated_amount,
  coalesce(c.unapplied_amount, 0) as unapplied_amount,
  c.is_cleared,
  d.auto_allocate,
  d.invoice_id,
  d.cheque_id,
  d.source,
  d.external_id,
  d.note
from (
  select
    d.account_id,
    'payment'::text as credit_type,
    d.payment_id as credit_id,
    d.method as kind,
    d.doc_no as doc_no,
    d.doc_date::date as doc_date,
    d.amount::numeric as amount,
    d.status,
    d.auto_allocate as auto_allocate,
    null::bigint as invoice_id,
    d.cheque_id as cheque_id,
    d.source,
    d.external_id,
    d.note
  from doc.payment d
  union all
  select
    d.account_id,
    'cheque'::text as credit_type,
    d.cheque_id as credit_id,
    d.kind as kind,
    coalesce(d.serial_no, d.sayad_id) as doc_no,
    d.doc_date::date as doc_date,
    d.amount::numeric as amount,
    d.status,
    d.auto_allocate as auto_allocate,
    null::bigint as invoice_id,
    d.cheque_id as cheque_id,
    d.source,
    d.external_id,
    d.note
  from doc.cheque d
  union all
  select
    d.account_id,
    'set_off'::text as credit_type,
    d.set_off_id as credit_id,
    null::text as kind,
    d.set_off_no as doc_no,
    d.doc_date::date as doc_date,
    d.amount::numeric as amount,
    d.status,
    true as auto_allocate,
    null::bigint as invoice_id,
    null::bigint as cheque_id,
    d.source,
    d.external_id,
    d.note
  from doc.set_off d
  union all
  select
    d.account_id,
    'credit_note'::text as credit_type,
    d.credit_note_id as credit_id,
    d.kind as kind,
    d.doc_no as doc_no,
    d.doc_date::date as doc_date,
    d.amount::numeric as amount,
    d.status,
    true as auto_allocate,
    d.invoice_id as invoice_id,
    null::bigint as cheque_id,
    d.source,
    d.external_id,
    d.note
  from doc.credit_note d
  union all
  select
    d.account_id,
    'adjustment'::text as credit_type,
    d.adjustment_id as credit_id,
    d.kind as kind,
    d.doc_no as doc_no,
    d.doc_date::date as doc_date,
    d.amount::numeric as amount,
    d.status,
    true as auto_allocate,
    d.invoice_id as invoice_id,
    null::bigint as cheque_id,
    d.source,
    d.external_id,
    d.note
  from doc.adjustment d
) d
join ref.account a on a.account_id = d.account_id
join ref.party p on p.party_id = a.party_id
left join ref.salesperson sp on sp.salesperson_id = p.salesperson_id
left join ref.region rg on rg.region_id = p.region_id
left join ref.agency ag on ag.agency_id = p.agency_id
left join calc.credit c
  on c.account_id = d.account_id
  and c.credit_id = d.credit_id
  and c.credit_type = d.credit_type;

comment on view bi.credit is
  'Each document that lowers what is owed: whether it counts, what is applied and what is left. Key: account_id, credit_type, credit_id.';
comment on column bi.credit.salesperson_id is 'Of the party, at present; region and agency likewise.';
comment on column bi.credit.kind is 'Method of a payment, kind of the others.';
comment on column bi.credit.value_date is 'The day its money counts from; null: not money, or not counted.';
comment on column bi.credit.is_counted is 'It has an effect (docs/figures.md, what counts).';
comment on column bi.credit.counted_amount is 'What it counts for: of a cheque, less the approved parts the bank paid; 0 when not counted.';
comment on column bi.credit.allocated_amount is 'Applied to invoices; 0 when not counted.';
comment on column bi.credit.unapplied_amount is 'Left over; 0 when not counted.';
comment on column bi.credit.invoice_id is 'The invoice a note or an adjustment names.';
comment on column bi.credit.cheque_id is 'The cheque itself, or the one a payment is a part of.';
comment on column bi.credit.account_id is 'The account: one party, on one side, in one currency.';
comment on column bi.credit.party_id is 'The party of the account.';
comment on column bi.credit.party_code is 'Code of the party.';
comment on column bi.credit.party_name is 'Name of the party.';
comment on column bi.credit.side is 'receivable: they owe us; payable: we owe them.';
comment on column bi.credit.currency is 'Currency of every amount in the row.';
comment on column bi.credit.salesperson_name is 'Name of the salesperson.';
comment on column bi.credit.region_id is 'The region, taken from the document or the party just as the salesperson is.';
comment on column bi.credit.region_name is 'Name of the region.';
comment on column bi.credit.agency_id is 'The agency, taken from the document or the party just as the salesperson is.';
comment on column bi.credit.agency_name is 'Name of the agency.';
comment on column bi.credit.credit_type is 'payment, cheque, set_off, credit_note or adjustment.';
comment on column bi.credit.credit_id is 'The document: payment_id, cheque_id, … by credit_type.';
comment on column bi.credit.doc_no is 'Number of the document; of a cheque its serial number or else its Sayad id.';
comment on column bi.credit.doc_date is 'Day of the document.';
comment on column bi.credit.amount is 'Amount of the document.';
comment on column bi.credit.status is 'Of the document, in the words of its table.';
comment on column bi.credit.is_cleared is 'A payment, a set-off or a cleared cheque; null: not money, or not counted.';
comment on column bi.credit.auto_allocate is 'Takes part in automatic allocation.';
comment on column bi.credit.source is 'Where the document came from, such as manual or erp.';
comment on column bi.credit.external_id is 'Its key there; null: none.';
comment on column bi.credit.note is 'Free text of the document.';
