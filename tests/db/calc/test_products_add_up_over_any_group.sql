-- The *_money_days of a group over its weights give its mean exactly; means are never averaged.
begin;

select plan(3);

set local rasid.today = '2025-06-15';
call test.open();
call test.open('b');

insert into doc.invoice (account_id, invoice_id, doc_date, due_date, amount)
values
  (test.account(), 1, '2025-01-01', '2025-01-31', 100),
  (test.account(), 2, '2025-01-01', '2025-01-31', 200),
  (test.account('b'), 3, '2025-01-01', '2025-01-31', 700),
  (test.account('b'), 4, '2025-01-01', '2025-01-31', 50);
insert into doc.payment (account_id, payment_id, doc_date, amount)
values
  (test.account(), 11, '2025-01-11', 100),
  (test.account(), 12, '2025-01-21', 200),
  (test.account('b'), 13, '2025-02-10', 720);
-- 4 has 20 of its 50: it is not settled and stays out.
select results_eq(
  $$
    select
      sum(paid_amount),
      round(sum(settlement_money_days) / sum(paid_amount), 2),
      round(sum(variance_money_days) / sum(paid_amount), 2)
    from bi.invoice
    where account_id in (test.account(), test.account('b')) and status = 'settled'
  $$,
  -- (100·10 + 200·20 + 700·40) / 1000
  $$values (1000::numeric, 33.00, 3.00)$$,
  'over invoices'
);
select results_eq(
  $$
    select
      sum(settled_paid_amount),
      round(sum(settlement_money_days) / sum(settled_paid_amount), 2),
      round(sum(variance_money_days) / sum(settled_paid_amount), 2)
    from bi.account
    where account_id in (test.account(), test.account('b'))
  $$,
  $$values (1000::numeric, 33.00, 3.00)$$,
  'over accounts'
);
select results_eq(
  $$
    select settlement_period_days, variance_days
    from bi.account
    where account_id in (test.account(), test.account('b'))
    order by account_id
  $$,
  $$values (16.67, -13.33), (40.00, 10.00)$$,
  'of each: the mean of these two means would be another'
);

select * from finish();

rollback;
