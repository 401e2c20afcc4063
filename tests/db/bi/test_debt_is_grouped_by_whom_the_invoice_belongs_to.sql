-- Open amounts and their depth by salesperson, region and agency of the invoice; what no invoice has, by
-- those that the party has at present.
begin;

select plan(10);

select test.make_settled_book();

prepare by_salesperson as
select
  salesperson_code, side, currency, invoice_count, open_amount, overdue_amount, debt_depth,
  debt_depth_days, risky_amount, risky_share, not_due, d1_30, d31_60, d61_90, d91_120, over_120
from bi.debt_by_salesperson;

select results_eq(
  'by_salesperson',
  $$
    values (
      'S1', 'receivable', 'IRR', 1::bigint, 200.0, 200.0, 1400.0,
      7.00, 0.0, 0.0, 0.0, 200.0, 0.0, 0.0, 0.0, 0.0
    )
  $$,
  '200 open, 7 days past due'
);
select results_eq(
  'select region_code, open_amount, debt_depth from bi.debt_by_region',
  $$values ('R1', 200.0, 1400.0)$$,
  'by region'
);
select results_eq(
  'select agency_code, open_amount, debt_depth from bi.debt_by_agency',
  $$values ('A1', 200.0, 1400.0)$$,
  'by agency'
);
select set_config('rasid.today', '2025-07-15', true);
select results_eq(
  'select risky_amount, risky_share, d1_30, d91_120, over_120 from bi.debt_by_salesperson',
  $$values (200.0, 1.0, 0.0, 0.0, 200.0)$$,
  'in July it is risky and over 120 days past due'
);

-- In March again: money kept back, a cheque, a bounced one of which the bank paid a part; then the party goes over to
-- another salesperson, the invoice stays with the first.
set local rasid.today = '2025-03-10';
create function pg_temp.mine()
returns bigint
language sql
as $$
  select a.account_id
  from ref.account as a
  join ref.party as p on p.party_id = a.party_id
  where p.code = 'P1'
    and a.currency = 'IRR'
$$;
insert into doc.payment (account_id, doc_date, amount, auto_allocate)
values (pg_temp.mine(), '2025-03-01', 30, false);
insert into doc.cheque (account_id, doc_date, due_date, amount, auto_allocate)
values
  (pg_temp.mine(), '2025-03-01', '2025-04-01', 50, false),
  (pg_temp.mine(), '2025-03-01', '2025-03-05', 70, false);
update doc.cheque set status = 'bounced', status_date = '2025-03-06' where amount = 70;
insert into doc.payment (account_id, doc_date, amount, auto_allocate, cheque_id)
select account_id, '2025-03-06', 20, false, cheque_id
from doc.cheque
where account_id = pg_temp.mine()
  and amount = 70;
insert into ref.salesperson (code, name) values ('S2', 'Bahar');
update ref.party
set salesperson_id = (select salesperson_id from ref.salesperson where code = 'S2')
where code = 'P1';

prepare by_both as
select
  salesperson_code, currency, invoice_count, open_amount, unapplied_amount, balance,
  uncleared_amount, uncleared_ras, bounced_amount, exposure_amount, debt_ras, debt_age_days,
  due_ras, debt_depth_days, risky_share, due_money_days
from bi.debt_by_salesperson
order by salesperson_code;

select results_eq(
  'by_both',
  $$
    values
      (
        'S1', 'IRR', 1::bigint, 200.0, 0.0, 200.0, 0.0, null::date, 0.0, 200.0,
        date '2025-02-01', 37.00, date '2025-03-03', 7.00, 0.0, 1400.0
      ),
      (
        'S2', 'IRR', 0::bigint, 0.0, 100.0, -100.0, 50.0, date '2025-04-01', 50.0, -50.0,
        null, null, null, null, null, 0.0
      )
  $$,
  'what is open is of the invoice, credits and cheques are of the party'
);
select results_eq(
  'select region_code, balance, uncleared_amount, bounced_amount from bi.debt_by_region',
  $$values ('R1', 100.0, 50.0, 50.0)$$,
  'by region both come together'
);
select results_eq(
  'select agency_code, balance, exposure_amount, debt_age_days from bi.debt_by_agency',
  $$values ('A1', 100.0, 150.0, 37.00)$$,
  'and by agency'
);
select results_eq(
  $$
    select
      sum(open_amount), sum(unapplied_amount), sum(balance), sum(uncleared_amount),
      sum(bounced_amount), sum(exposure_amount)
    from bi.debt_by_salesperson
    where currency = 'IRR'
  $$,
  $$
    select
      sum(open_amount), sum(unapplied_amount), sum(balance), sum(uncleared_amount),
      sum(bounced_amount), sum(exposure_amount)
    from bi.account
    where currency = 'IRR'
  $$,
  'they add up to those of the accounts'
);
update doc.invoice set auto_allocate = false where account_id = pg_temp.mine();
select results_eq(
  'select blocked_amount from bi.debt_by_region where open_amount > 0',
  'select blocked_amount from bi.account where blocked_amount > 0',
  'blocked, as of the account'
);

update doc.invoice set auto_allocate = true where account_id = pg_temp.mine();
insert into doc.installment (account_id, invoice_id, line_no, due_date, amount)
select i.account_id, i.invoice_id, n.line_no, '2025-03-03', 100
from doc.invoice as i
cross join (values (1), (2)) as n (line_no)
where i.account_id = pg_temp.mine() and i.amount = 200;
select results_eq(
  'select invoice_count, open_amount from bi.debt_by_salesperson
   where salesperson_code = ''S1'' and currency = ''IRR''',
  'values (1::bigint, 200.0)',
  'an invoice of two installments is one'
);

select * from finish();

rollback;
