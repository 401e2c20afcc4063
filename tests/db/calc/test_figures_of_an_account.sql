-- An account with one of everything, worked by hand.
begin;

select plan(7);

set local rasid.today = '2025-03-01';
call test.open();
update ref.account set credit_limit = 1000 where account_id = test.account();

insert into doc.invoice (account_id, invoice_id, doc_date, due_date, amount, auto_allocate)
values
  (test.account(), 1, '2025-01-01', '2025-01-31', 100, true),
  (test.account(), 2, '2025-01-11', '2025-02-10', 300, true),
  (test.account(), 3, '2025-02-20', '2025-03-22', 50, false);
insert into doc.payment (account_id, payment_id, doc_date, amount, auto_allocate)
values
  (test.account(), 11, '2025-02-10', 100, true),
  (test.account(), 12, '2025-02-25', 30, false);
insert into doc.cheque (account_id, cheque_id, kind, doc_date, due_date, amount, status)
values
  (test.account(), 21, 'payment', '2025-02-11', '2025-03-13', 200, 'in_hand'),
  (test.account(), 22, 'payment', '2025-02-12', '2025-03-13', 40, 'bounced'),
  (test.account(), 23, 'guarantee', '2025-02-12', '2025-03-13', 900, 'in_hand');
select is(test.settled(), '11>1 100 auto, 21>2 200 auto', 'open: 100 of the second, the third');

select results_eq(
  $$
    select
      open_amount, unapplied_amount, balance, blocked_amount, uncleared_amount, uncleared_ras,
      bounced_amount, exposure_amount, credit_room
    from bi.account
    where account_id = test.account()
  $$,
  $$
    values (
      150::numeric, 30::numeric, 120::numeric, 50::numeric, 200::numeric, date '2025-03-13',
      40::numeric, 320::numeric, 680::numeric
    )
  $$,
  'what is owed, what is not yet in the bank, what room is left'
);
select results_eq(
  $$
    select
      debt_ras, debt_age_days, due_ras, overdue_amount, debt_depth, debt_depth_days, risky_amount,
      risky_share
    from bi.account
    where account_id = test.account()
  $$,
  $$
    values (
      -- 11 January + 50·40/150 = 13.33 days; 1 March is 49 days after 11 January
      date '2025-01-24', 35.67,
      -- 10 February + 50·40/150
      date '2025-02-23',
      -- 100 stand 19 days past due
      100::numeric, 1900::numeric, 12.67, 0::numeric, 0.0000
    )
  $$,
  'how old and how deep'
);
select results_eq(
  $$
    select
      settled_paid_amount, settlement_period_days, variance_days, settlement_money_days,
      variance_money_days
    from bi.account
    where account_id = test.account()
  $$,
  $$values (100::numeric, 40.00, 10.00, 4000::numeric, 1000::numeric)$$,
  'how the settled ones were paid: the first alone'
);

set local rasid.today = '2025-03-13';
select is(
  (
    select (overdue_amount, risky_amount, risky_share)::text
    from bi.account
    where account_id = test.account()
  ),
  '(100,100,0.6667)',
  '31 days past due: in the risky zone'
);
update ref.account set credit_limit = null, risk_days = 31 where account_id = test.account();
select is(
  (select (credit_room, risky_amount)::text from bi.account where account_id = test.account()),
  '(,0)',
  'no limit, and a later zone'
);

delete from doc.invoice;
delete from doc.payment;
delete from doc.cheque;
select results_eq(
  $$
    select
      open_amount, unapplied_amount, balance, blocked_amount, uncleared_amount, bounced_amount,
      exposure_amount, overdue_amount, debt_depth, risky_amount,
      num_nonnulls(
        debt_ras, debt_age_days, due_ras, debt_depth_days, risky_share, uncleared_ras,
        settlement_period_days, variance_days
      )
    from bi.account
    where account_id = test.account()
  $$,
  $$
    values (
      0::numeric, 0::numeric, 0::numeric, 0::numeric, 0::numeric, 0::numeric, 0::numeric,
      0::numeric, 0::numeric, 0::numeric, 0
    )
  $$,
  'an account without documents has its row, of zeros and nothings'
);

select * from finish();

rollback;
