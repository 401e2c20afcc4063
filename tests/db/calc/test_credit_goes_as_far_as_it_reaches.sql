-- A credit that comes last settles from the oldest open line on, exactly four, five and many more of
-- them (the engine looks at a few first), and what is left of it waits.
begin;

select plan(6);

call test.open();

insert into doc.invoice (account_id, invoice_id, doc_date, amount)
select test.account(), n, date '2025-01-01' + n, 10 from generate_series(1, 50) n;

insert into doc.payment (account_id, payment_id, doc_date, amount)
values (test.account(), 101, '2025-06-01', 40);
select is(
  (select count(*) from bi.invoice where account_id = test.account() and status = 'settled'),
  4::bigint,
  'four'
);
insert into doc.payment (account_id, payment_id, doc_date, amount)
values (test.account(), 102, '2025-06-02', 45);
select results_eq(
  $$
    select invoice_id, amount from bi.allocation
    where account_id = test.account() and credit_id = 102 order by invoice_id
  $$,
  $$ values (5::bigint, 10::numeric), (6, 10), (7, 10), (8, 10), (9, 5) $$,
  'four and a part of the fifth'
);
insert into doc.cheque (account_id, cheque_id, doc_date, due_date, amount)
values (test.account(), 103, '2025-06-03', '2025-09-01', 365);
select results_eq(
  $$
    select count(*), sum(amount), max(invoice_id) from bi.allocation
    where account_id = test.account() and credit_id = 103
  $$,
  $$ values (37::bigint, 365::numeric, 45::bigint) $$,
  'many'
);
insert into doc.payment (account_id, payment_id, doc_date, amount)
values (test.account(), 104, '2025-06-04', 80);
select results_eq(
  $$
    select allocated_amount, unapplied_amount from bi.credit
    where account_id = test.account() and credit_id = 104
  $$,
  $$ values (50::numeric, 30::numeric) $$,
  'what is left waits'
);
select results_eq(
  $$
    select open_amount, unapplied_amount, uncleared_amount
    from bi.account where account_id = test.account()
  $$,
  $$ values (0::numeric, 30::numeric, 365::numeric) $$,
  'the account knows'
);
select is_empty('select * from calc.verify()', 'and all follows from the documents');

select * from finish();

rollback;
