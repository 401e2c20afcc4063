create or replace view bi.cheque as
select
  q.account_id,
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
  q.cheque_id,
  q.kind,
  q.sayad_id,
  q.serial_no,
  q.bank,
  q.branch,
  q.drawer_name,
  q.doc_date::date as doc_date,
  q.due_date::date as due_date,
  q.due_date - (select calc.today()) as days_to_due,
  q.amount::numeric as amount,
  q.status,
  q.status_date::date as status_date,
  q.cleared_on::date as cleared_on,
  c.value_date,
  c.credit_id is not null as is_counted,
  coalesce(c.amount, 0) as counted_amount,
  coalesce(c.amount - c.unapplied_amount, 0) as allocated_amount,
  coalesce(c.unapplied_amount, 0) as unapplied_amount,
  q.replaces_cheque_id,
  r.cheque_id as replaced_by_cheque_id,
  q.auto_allocate,
  q.source,
  q.external_id,
  q.note
from doc.cheque q
join ref.account a on a.account_id = q.account_id
join ref.party p on p.party_id = a.party_id
left join ref.salesperson sp on sp.salesperson_id = p.salesperson_id
left join ref.region rg on rg.region_id = p.region_id
left join ref.agency ag on ag.agency_id = p.agency_id
left join calc.credit c
  on c.account_id = q.account_id
  and c.credit_id = q.cheque_id
  and c.credit_type = 'cheque'
left join lateral (
  select min(r.cheque_id) as cheque_id
  from doc.cheque r
  where r.account_id = q.account_id
    and r.replaces_cheque_id = q.cheque_id
    and r.status not in ('void', 'returned', 'bounced')
) r on true;

comment on view bi.cheque is
  'Each cheque: its paper, its state, and what it settles. Key: account_id, cheque_id.';
comment on column bi.cheque.days_to_due is 'due_date − today; minus: past.';
comment on column bi.cheque.value_date is 'The day it counts from in a ras; null: not counted.';
comment on column bi.cheque.counted_amount is 'amount less the approved parts the bank paid; 0 when not counted.';
comment on column bi.cheque.replaced_by_cheque_id is 'The first cheque that makes this one good, of those not void, returned or bounced.';
comment on column bi.cheque.salesperson_id is 'Of the party, at present; region and agency likewise.';
comment on column bi.cheque.account_id is 'The account: one party, on one side, in one currency.';
comment on column bi.cheque.party_id is 'The party of the account.';
comment on column bi.cheque.party_code is 'Code of the party.';
comment on column bi.cheque.party_name is 'Name of the party.';
comment on column bi.cheque.side is 'receivable: they owe us; payable: we owe them.';
comment on column bi.cheque.currency is 'Currency of every amount in the row.';
comment on column bi.cheque.salesperson_name is 'Name of the salesperson.';
comment on column bi.cheque.region_id is 'The region, taken from the document or the party just as the salesperson is.';
comment on column bi.cheque.region_name is 'Name of the region.';
comment on column bi.cheque.agency_id is 'The agency, taken from the document or the party just as the salesperson is.';
comment on column bi.cheque.agency_name is 'Name of the agency.';
comment on column bi.cheque.cheque_id is 'The cheque.';
comment on column bi.cheque.kind is 'payment; guarantee: held as security and never counted.';
comment on column bi.cheque.sayad_id is 'The 16-digit Sayad number.';
comment on column bi.cheque.serial_no is 'Serial number on the paper.';
comment on column bi.cheque.bank is 'Bank it is drawn on.';
comment on column bi.cheque.branch is 'Branch of that bank.';
comment on column bi.cheque.drawer_name is 'Who signed it.';
comment on column bi.cheque.doc_date is 'The day it was handed over.';
comment on column bi.cheque.due_date is 'The day written on it.';
comment on column bi.cheque.amount is 'Amount written on it.';
comment on column bi.cheque.status is 'submitted, in_hand, deposited, cleared, bounced, endorsed, returned or void.';
comment on column bi.cheque.status_date is 'The day of that state.';
comment on column bi.cheque.cleared_on is 'The day it cleared; null unless cleared.';
comment on column bi.cheque.is_counted is 'Counts as a credit: of kind payment, and in_hand, deposited, endorsed or cleared.';
comment on column bi.cheque.allocated_amount is 'What it settles; 0 when not counted.';
comment on column bi.cheque.unapplied_amount is 'counted_amount − allocated_amount.';
comment on column bi.cheque.replaces_cheque_id is 'The bounced cheque it makes good.';
comment on column bi.cheque.auto_allocate is 'Takes part in automatic allocation.';
comment on column bi.cheque.source is 'Where the document came from, such as manual or erp.';
comment on column bi.cheque.external_id is 'Its key there; null: none.';
comment on column bi.cheque.note is 'Free text of the document.';
