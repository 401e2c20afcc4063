-- 1000 on 1 January: 500 promised after 30 days, 500 after 60; paid 500 after 40, 500 after 50.
begin;

select plan(3);

set local rasid.today = '2025-06-15';
call test.open();

insert into doc.invoice (account_id, invoice_id, doc_date, amount)
values (test.account(), 1, '2025-01-01', 1000);
insert into doc.installment (account_id, invoice_id, line_no, due_date, amount)
values (test.account(), 1, 1, '2025-01-31', 500), (test.account(), 1, 2, '2025-03-02', 500);
insert into doc.payment (account_id, payment_id, doc_date, amount)
values (test.account(), 11, '2025-02-10', 500), (test.account(), 12, '2025-02-20', 500);

select results_eq(
  $$
    select
      status, is_collected, net_amount, paid_amount, cleared_amount, credited_amount, open_amount,
      committed_ras, committed_days, settlement_ras, settlement_days, settlement_period_days,
      variance_days, timing, settled_on, debt_age_days, overdue_amount, debt_depth, risky_amount,
      committed_money_days, settlement_money_days, variance_money_days
    from bi.invoice
    where account_id = test.account()
  $$,
  $$
    values (
      'settled', true, 1000::numeric, 1000::numeric, 1000::numeric, 0::numeric, 0::numeric,
      date '2025-02-15', 45.00, date '2025-02-15', 45.00, 45.00,
      -- (500·(40 − 30) + 500·(50 − 60)) / 1000
      0.00, 'on_time', date '2025-02-20', null::int, 0::numeric, 0::numeric, 0::numeric,
      45000::numeric, 45000::numeric, 0::numeric
    )
  $$,
  'paid as a whole as promised'
);

-- A price note of 100 takes the first line down to 400: the money of 11 reaches the second.
insert into doc.credit_note (account_id, credit_note_id, kind, doc_date, amount, invoice_id)
values (test.account(), 31, 'price', '2025-03-01', 100, 1);
select is(
  test.settled(),
  '11>1.1 400 auto, 31>1.1 100 linked, 11>1.2 100 auto, 12>1.2 400 auto',
  'a price note'
);
select results_eq(
  $$
    select
      net_amount, credited_amount, paid_amount, committed_days, settlement_days, variance_days,
      settled_on, committed_money_days, settlement_money_days, variance_money_days, is_collected
    from bi.invoice
    where account_id = test.account()
  $$,
  $$
    values (
      900::numeric, 100::numeric, 900::numeric,
      -- (400·30 + 500·60) / 900; (500·40 + 400·50) / 900; (400·10 − 100·20 − 400·10) / 900
      46.67, 44.44, -2.22,
      date '2025-03-01', 42000::numeric, 40000::numeric, -2000::numeric, true
    )
  $$,
  'the commitment is that of what is left; the note says nothing of how they pay'
);

select * from finish();

rollback;
