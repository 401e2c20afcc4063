create or replace view bi.aging as
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
  coalesce(o.not_due, 0) as not_due,
  coalesce(o.d1_30, 0) as d1_30,
  coalesce(o.d31_60, 0) as d31_60,
  coalesce(o.d61_90, 0) as d61_90,
  coalesce(o.d91_120, 0) as d91_120,
  coalesce(o.over_120, 0) as over_120,
  coalesce(o.open_amount, 0) as open_amount,
  coalesce(c.unapplied_amount, 0) as unapplied_amount,
  coalesce(o.open_amount, 0) - coalesce(c.unapplied_amount, 0) as balance
from ref.account a
join ref.party p on p.party_id = a.party_id
left join ref.salesperson sp on sp.salesperson_id = p.salesperson_id
left join ref.region rg on rg.region_id = p.region_id
left join ref.agency ag on ag.agency_id = p.agency_id
left join (
  select
    l.account_id,
    sum(l.open_amount) as open_amount,
    sum(l.open_amount) filter (where l.due_date >= (select calc.today())) as not_due,
    sum(l.open_amount) filter (where (select calc.today()) - l.due_date between 1 and 30) as d1_30,
    sum(l.open_amount) filter (where (select calc.today()) - l.due_date between 31 and 60) as d31_60,
    sum(l.open_amount) filter (where (select calc.today()) - l.due_date between 61 and 90) as d61_90,
    sum(l.open_amount) filter (where (select calc.today()) - l.due_date between 91 and 120) as d91_120,
    sum(l.open_amount) filter (where (select calc.today()) - l.due_date > 120) as over_120
  from calc.line l
  where l.is_open
  group by l.account_id
) o on o.account_id = a.account_id
left join (
  select c.account_id, sum(c.unapplied_amount) as unapplied_amount
  from calc.credit c
  where c.is_left
  group by c.account_id
) c on c.account_id = a.account_id;

comment on view bi.aging is
  'Open amounts of each account by days past due; 30 days late is in d1_30. The buckets add up to open_amount, and less unapplied_amount to balance. Key: account_id.';
comment on column bi.aging.not_due is 'Due today or later.';
comment on column bi.aging.salesperson_id is 'Of the party, at present; region and agency likewise.';
comment on column bi.aging.account_id is 'The account: one party, on one side, in one currency.';
comment on column bi.aging.party_id is 'The party of the account.';
comment on column bi.aging.party_code is 'Code of the party.';
comment on column bi.aging.party_name is 'Name of the party.';
comment on column bi.aging.side is 'receivable: they owe us; payable: we owe them.';
comment on column bi.aging.currency is 'Currency of every amount in the row.';
comment on column bi.aging.salesperson_name is 'Name of the salesperson.';
comment on column bi.aging.region_id is 'The region, taken from the document or the party just as the salesperson is.';
comment on column bi.aging.region_name is 'Name of the region.';
comment on column bi.aging.agency_id is 'The agency, taken from the document or the party just as the salesperson is.';
comment on column bi.aging.agency_name is 'Name of the agency.';
comment on column bi.aging.d1_30 is '1 to 30 days past due.';
comment on column bi.aging.d31_60 is '31 to 60 days past due.';
comment on column bi.aging.d61_90 is '61 to 90 days past due.';
comment on column bi.aging.d91_120 is '91 to 120 days past due.';
comment on column bi.aging.over_120 is 'More than 120 days past due.';
comment on column bi.aging.open_amount is 'Open part of all invoices: the sum of the buckets.';
comment on column bi.aging.unapplied_amount is 'Left of all counted credits.';
comment on column bi.aging.balance is 'open_amount − unapplied_amount.';
