-- The forecast as of today is the forecast, also where a habit or a rate of 12 months just begins: the
-- day a year ago is out of it.
begin;

select plan(4);

set local rasid.today = '2025-12-31';
create temp table t as
select
  test.make_account() as settled, test.make_account() as half, test.make_account() as parted,
  test.make_account() as forgiven, test.make_account() as noted, test.make_account() as presented,
  test.make_account() as cleared, test.make_account() as passed, test.make_account() as fresh,
  test.make_account('payable') as supplier, test.make_account(p_currency => 'USD') as "foreign";

-- Everybody has a line and a cheque to come, and names on the invoice that are not the party's.
insert into ref.salesperson (salesperson_id, name) values (911, 'invoice''s'), (912, 'party''s');
insert into ref.region (region_id, name) values (921, 'invoice''s'), (922, 'party''s');
insert into ref.agency (agency_id, name) values (931, 'invoice''s'), (932, 'party''s');
update ref.party set salesperson_id = 912, region_id = 922, agency_id = 932;
insert into doc.invoice (
  account_id, doc_no, amount, doc_date, due_date, salesperson_id, region_id, agency_id
)
select account_id, 'to come', 10, '2025-12-30', '2026-01-30', 911, 921, 931 from ref.account;
insert into doc.cheque (account_id, serial_no, amount, doc_date, due_date, auto_allocate)
select account_id, 'to come', 9, '2025-12-30', '2026-01-30', false from ref.account;

-- Invoices, each settled on its day, so many days late.
create function pg_temp.settle(p_account_id bigint, p_days int, p_paid_on date[])
returns void
language sql
as $$
  insert into doc.invoice (account_id, amount, doc_date, due_date)
  select p_account_id, 100, d.day - p_days, d.day - p_days from unnest(p_paid_on) as d (day);
  insert into doc.payment (account_id, amount, doc_date)
  select p_account_id, 100, d.day from unnest(p_paid_on) as d (day);
$$;
do $$
begin
  perform
    pg_temp.settle(settled, 40, '{2024-05-01,2024-12-31}'),
    pg_temp.settle(settled, 7, '{2025-01-01,2025-02-01}'),
    pg_temp.settle(settled, 8, '{2025-12-31}'),
    pg_temp.settle(half, 40, '{2024-12-31}'),
    pg_temp.settle(half, 5, '{2025-02-01,2025-03-01}'),
    pg_temp.settle(parted, 6, '{2024-03-01,2025-05-01,2025-06-01}'),
    pg_temp.settle(forgiven, 9, '{2025-02-01,2025-03-01}'),
    pg_temp.settle(noted, 9, '{2025-02-01,2025-03-01}')
  from t;
end
$$;

-- Settled line by line, the first of them before the year.
insert into doc.invoice (account_id, doc_no, amount, doc_date)
select parted, 'in parts', 100, '2024-06-01' from t;
insert into doc.installment (account_id, invoice_id, line_no, due_date, amount)
select i.account_id, i.invoice_id, p.line_no, p.due_date, 50
from doc.invoice as i, (values (1, date '2024-06-01'), (2, '2025-04-01')) as p (line_no, due_date)
where i.doc_no = 'in parts';
insert into doc.payment (account_id, amount, doc_date)
select parted, 50, d from t, unnest('{2024-07-01,2025-04-20}'::date[]) as d;
-- Half paid and half written off is a habit too; one that a return settles is none, nor an opening.
insert into doc.invoice (account_id, kind, amount, doc_date, due_date)
select k.account_id, k.kind, 60, k.day, k.day
from t
cross join lateral (
  values
    (forgiven, 'invoice', date '2025-05-01'), (noted, 'invoice', '2025-06-01'),
    (noted, 'opening', '2025-07-01')
) as k (account_id, kind, day);
insert into doc.payment (account_id, amount, doc_date)
select forgiven, 30, date '2025-05-21' from t union all select noted, 60, '2025-10-01' from t;
insert into doc.adjustment (account_id, kind, amount, doc_date)
select forgiven, 'write_off', 30, '2025-05-22' from t;
insert into doc.credit_note (account_id, amount, doc_date) select noted, 60, '2025-06-20' from t;

-- Cheques that bounced and cleared, some of them more than once.
create function pg_temp.present(p_account_id bigint, p_amount numeric, p_steps text[])
returns void
language plpgsql
as $$
declare
  v_cheque_id bigint := test.make_cheque(p_account_id, p_amount, '2024-01-01', '2024-02-01');
begin
  update doc.cheque set auto_allocate = false where cheque_id = v_cheque_id;
  for i in 1 .. cardinality(p_steps) by 2 loop
    update doc.cheque set status = p_steps[i], status_date = p_steps[i + 1]::date
    where cheque_id = v_cheque_id;
  end loop;
end
$$;
do $$
begin
  perform
    pg_temp.present(presented, 100, '{bounced,2024-12-31}'),
    pg_temp.present(presented, 200, '{cleared,2024-12-31}'),
    pg_temp.present(presented, 400, '{cleared,2025-01-01}'),
    pg_temp.present(presented, 11, '{bounced,2025-01-15}'),
    pg_temp.present(presented, 23, '{cleared,2025-12-31}'),
    pg_temp.present(presented, 31, '{bounced,2024-06-01,deposited,2024-07-01,bounced,2025-06-01}'),
    pg_temp.present(presented, 47, '{bounced,2024-06-01,returned,2025-07-01}'),
    pg_temp.present(presented, 59, '{bounced,2025-03-01,cleared,2025-04-01}'),
    pg_temp.present(presented, 71, '{bounced,2024-12-31,cleared,2025-07-01}'),
    pg_temp.present(cleared, 90, '{cleared,2024-06-01}'),
    pg_temp.present("foreign", 90, '{bounced,2024-06-01}')
  from t;
end
$$;

-- Passed on, taken back, and one that is written on two accounts.
insert into doc.cheque (
  account_id, sayad_id, amount, doc_date, due_date, status, status_date, auto_allocate
)
select v.account_id, v.sayad_id, 77, '2025-12-01', '2026-02-01', v.status, '2025-12-05', false
from t
cross join lateral (
  values
    (passed, '1234567890123456', 'endorsed'), (supplier, '1234567890123456', 'in_hand'),
    (passed, '6543210987654321', 'endorsed'),
    (passed, '1111222233334444', 'in_hand'), (supplier, '1111222233334444', 'in_hand')
) as v (account_id, sayad_id, status);
update doc.cheque set status = 'in_hand', status_date = '2025-12-06'
where sayad_id = '6543210987654321';

select results_eq(
  $$
    select n.number, f.delay_days
    from t
    cross join lateral (
      values
        (1, settled), (2, half), (3, parted), (4, forgiven), (5, noted), (6, "foreign")
    ) as n (number, account_id)
    join bi.cash_forecast as f
      on f.account_id = n.account_id and f.source_type = 'line' and f.doc_no = 'to come'
    order by n.number
  $$,
  $$
    values (1, round((2 * 7 + 8) / 3.0, 2)), (2, round((40 + 2 * 5) / 3.0, 2)),
      (3, round((2 * 100 * 6 + 50 * 30 + 50 * 19) / 300.0, 2)),
      (4, round((2 * 100 * 9 + 30 * 20) / 230.0, 2)), (5, 14.51), (6, 0)
  $$,
  'three of the year tell, or else three of all time, or else what all others do'
);
select results_eq(
  $$
    select n.number, f.clearing_rate
    from t
    cross join lateral (
      values (1, presented), (2, cleared), (3, fresh), (4, "foreign")
    ) as n (number, account_id)
    join bi.cash_forecast as f
      on f.account_id = n.account_id and f.source_type = 'cheque' and f.doc_no = 'to come'
    order by n.number
  $$,
  $$
    values (1, round((400 + 23 + 71) / (400 + 11 + 23 + 31 + 59 + 71.0), 4)), (2, 1.0000),
      (3, round((400 + 23 + 71) / (400 + 11 + 23 + 31 + 59 + 71.0), 4)), (4, 0.0000)
  $$,
  'what was presented in the year tells, or else in all time, or else what the others do'
);
select set_eq(
  'select * from bi.cash_forecast_as_of(''2025-12-31'')', 'select * from bi.cash_forecast',
  'as of today it is the same'
);
select is(
  (select count(*) from bi.cash_forecast_as_of('2025-12-04') as f where f.amount = 77), 5::bigint,
  'before the day on which they were passed on they were expected'
);

select * from finish();

rollback;
