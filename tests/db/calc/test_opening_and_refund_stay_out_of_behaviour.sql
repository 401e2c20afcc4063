-- They are settled like any other, but say nothing of how the customer pays.
begin;

select plan(3);

set local rasid.today = '2025-06-15';
call test.open();

insert into doc.invoice (account_id, invoice_id, kind, doc_date, amount)
values
  (test.account(), 1, 'opening', '2025-01-01', 100),
  (test.account(), 2, 'refund', '2025-01-02', 100),
  (test.account(), 3, 'debit_note', '2025-01-03', 100),
  (test.account(), 4, 'invoice', '2025-01-04', 300);
insert into doc.payment (account_id, payment_id, doc_date, amount)
values (test.account(), 11, '2025-02-02', 300), (test.account(), 12, '2025-01-14', 300);
-- In order of turns: 12 on the 14th covers 1, 2, 3; 11 on 2 February covers 4.
select is(
  test.settled(), '12>1 100 auto, 12>2 100 auto, 12>3 100 auto, 11>4 300 auto', 'all are settled'
);
select results_eq(
  $$
    select invoice_id, status, settlement_days, variance_days, timing, settlement_period_days,
      settlement_money_days, variance_money_days
    from bi.invoice
    where account_id = test.account()
    order by invoice_id
  $$,
  $$
    values
      (1::bigint, 'settled', 13.00, null::numeric, null::text, null::numeric, null::numeric,
        null::numeric),
      (2, 'settled', 12.00, null, null, null, null, null),
      (3, 'settled', 11.00, 11.00, 'late', 11.00, 1100, 1100),
      (4, 'settled', 29.00, 29.00, 'late', 29.00, 8700, 8700)
  $$,
  'variance, timing, period and products are null'
);
select results_eq(
  $$
    select settled_paid_amount, settlement_period_days, settlement_money_days, variance_money_days
    from bi.account
    where account_id = test.account()
  $$,
  $$values (400::numeric, 24.50, 9800::numeric, 9800::numeric)$$,
  'the account knows the other two: (100·11 + 300·29) / 400'
);

select * from finish();

rollback;
