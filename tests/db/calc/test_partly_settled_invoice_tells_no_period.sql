-- A line that is settled tells nothing of the account while another of its invoice is open.
begin;

select plan(2);

set local rasid.today = '2025-03-10';
call test.open();

insert into doc.invoice (account_id, invoice_id, kind, doc_date, due_date, amount)
values
  (test.account(), 1, 'invoice', '2025-01-01', '2025-01-11', 100),
  (test.account(), 2, 'invoice', '2025-02-01', null, 100),
  (test.account(), 3, 'opening', '2025-02-02', null, 60);
insert into doc.installment (account_id, invoice_id, line_no, due_date, amount)
values
  (test.account(), 1, 1, '2025-01-11', 50), (test.account(), 1, 2, '2025-01-11', 50),
  (test.account(), 2, 1, '2025-03-01', 60), (test.account(), 2, 2, '2025-02-11', 40),
  (test.account(), 3, 1, '2025-03-01', 30), (test.account(), 3, 2, '2025-02-11', 30);
insert into doc.payment (account_id, payment_id, doc_date, amount)
values
  (test.account(), 11, '2025-01-21', 100), (test.account(), 12, '2025-02-21', 40),
  (test.account(), 13, '2025-02-22', 30);
insert into doc.pin (account_id, payment_id, invoice_id) values (test.account(), 13, 3);

select results_eq(
  $$
    select open_amount, settled_paid_amount, settlement_period_days, variance_days
    from bi.account where account_id = test.account()
  $$,
  $$values (90::numeric, 100::numeric, 20.00, 10.00)$$,
  'the first invoice alone'
);
select results_eq(
  'select * from bi.account where account_id = test.account()',
  'select * from bi.account_as_of(''2025-03-10'') where account_id = test.account()',
  'as of the day too'
);

select * from finish();

rollback;
