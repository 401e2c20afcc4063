-- Payment term from the account; salesperson, region and agency from the party, as they are now.
begin;

select plan(7);

create temporary table given as
with region as (
  insert into ref.region (name) values ('Tehran'), ('Shiraz') returning region_id
),
agency as (
  insert into ref.agency (name) values ('North'), ('South') returning agency_id
),
salesperson as (
  insert into ref.salesperson (name) values ('Ali'), ('Zahra') returning salesperson_id
),
party as (
  insert into ref.party (code, name, region_id, agency_id, salesperson_id)
  select 'P', 'a party', min(region_id), min(agency_id), min(salesperson_id)
  from region, agency, salesperson
  returning party_id
)
select
  party_id,
  (select max(region_id) from region) as other_region_id,
  (select max(agency_id) from agency) as other_agency_id,
  (select max(salesperson_id) from salesperson) as other_salesperson_id,
  test.make_payment_term('{30}', '{100}') as payment_term_id,
  test.make_payment_term('{60}', '{100}') as other_payment_term_id
from party;

create temporary table account as
select test.make_account(p_party_id => party_id, p_payment_term_id => payment_term_id) as account_id
from given;

create temporary table plain as select test.make_invoice(account_id) as invoice_id from account;
select is(
  (
    select (i.payment_term_id, i.salesperson_id, i.region_id, i.agency_id)::text
    from doc.invoice as i
    join plain using (invoice_id)
  ),
  (
    select (g.payment_term_id, p.salesperson_id, p.region_id, p.agency_id)::text
    from given as g
    join ref.party as p using (party_id)
  ),
  'all four, when it names none'
);

insert into doc.invoice (
  account_id, amount, doc_date, payment_term_id, salesperson_id, region_id, agency_id, external_id
)
select
  account_id, 1, date '2025-01-01', other_payment_term_id, other_salesperson_id, other_region_id,
  null, '1'
from account, given
union all
select account_id, 1, date '2025-01-01', null, other_salesperson_id, null, other_agency_id, '2'
from account, given;

select is(
  (
    select (payment_term_id, salesperson_id, region_id)::text
    from doc.invoice
    where external_id = '1'
  ),
  (select (other_payment_term_id, other_salesperson_id, other_region_id)::text from given),
  'what it names stays'
);
select is(
  (
    select (payment_term_id, salesperson_id, region_id, agency_id)::text
    from doc.invoice
    where external_id = '2'
  ),
  (
    select (g.payment_term_id, g.other_salesperson_id, p.region_id, g.other_agency_id)::text
    from given as g
    join ref.party as p using (party_id)
  ),
  'and each is taken by itself'
);

update ref.party
set salesperson_id = other_salesperson_id
from given
where party.party_id = given.party_id;
select is(
  (
    select count(*)
    from doc.invoice as i
    join account using (account_id)
    where i.salesperson_id <> (select other_salesperson_id from given)
  ),
  1::bigint,
  'an invoice keeps those of its own time'
);

insert into doc.invoice (
  account_id, amount, doc_date, payment_term_id, salesperson_id, region_id, agency_id, external_id
)
select
  a.account_id, 1, date '2025-01-01',
  case when n.missing <> 'payment_term' then g.payment_term_id end,
  case when n.missing <> 'salesperson' then p.salesperson_id end,
  case when n.missing <> 'region' then p.region_id end,
  case when n.missing <> 'agency' then p.agency_id end,
  n.missing
from account as a
cross join given as g
join ref.party as p using (party_id)
cross join unnest('{payment_term, salesperson, region, agency}'::text[]) as n (missing);
select is_empty(
  $$
    select external_id from doc.invoice
    where external_id in ('payment_term', 'salesperson', 'region', 'agency')
      and not (payment_term_id, salesperson_id, region_id, agency_id) is not null
  $$,
  'the only one that is not named too'
);

create temporary table bare as
select test.make_invoice(a.account_id) as invoice_id from test.make_account() as a (account_id);
select is(
  (
    select (i.payment_term_id, i.salesperson_id, i.region_id, i.agency_id)::text
    from doc.invoice as i
    join bare using (invoice_id)
  ),
  '(,,,)',
  'where there is nothing to take, none'
);
select test.refused(
  $$insert into doc.invoice (account_id, amount, doc_date) values (0, 1, '2025-01-01')$$,
  '23503', 'invoice_account_fkey', 'without an account there is no invoice'
);

select * from finish();

rollback;
