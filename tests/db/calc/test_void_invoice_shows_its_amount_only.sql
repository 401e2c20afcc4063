-- Of a void invoice every amount but amount is 0 and every date and day null.
begin;

select plan(2);

set local rasid.today = '2025-06-15';
call test.open();

insert into doc.invoice (account_id, invoice_id, doc_date, due_date, amount, status)
values (test.account(), 1, '2025-01-01', '2025-02-01', 100, 'void');
insert into doc.payment (account_id, payment_id, doc_date, amount)
values (test.account(), 11, '2025-01-05', 100);
select results_eq(
  $$
    select
      status, amount, net_amount, credited_amount, written_off_amount, paid_amount, cleared_amount,
      open_amount, overdue_amount, debt_depth, risky_amount, is_collected
    from bi.invoice
    where account_id = test.account()
  $$,
  $$
    values (
      'void', 100::numeric, 0::numeric, 0::numeric, 0::numeric, 0::numeric, 0::numeric,
      0::numeric, 0::numeric, 0::numeric, 0::numeric, false
    )
  $$,
  'amounts'
);
select is(
  (
    select num_nonnulls(
      committed_ras, committed_days, settlement_ras, settlement_days, variance_days, timing,
      settled_on, settlement_period_days, debt_age_days, debt_depth_days
    )
    from bi.invoice
    where account_id = test.account()
  ),
  0,
  'dates and days'
);

select * from finish();

rollback;
