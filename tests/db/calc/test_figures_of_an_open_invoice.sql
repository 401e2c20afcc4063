-- 100 on 1 January, 50 due on the 10th, 50 on 10 March; 20 paid on the 20th. Seen on 1 March.
begin;

select plan(5);

set local rasid.today = '2025-03-01';
call test.open();

insert into doc.invoice (account_id, invoice_id, doc_date, amount)
values (test.account(), 1, '2025-01-01', 100);
insert into doc.installment (account_id, invoice_id, line_no, due_date, amount)
values (test.account(), 1, 1, '2025-01-10', 50), (test.account(), 1, 2, '2025-03-10', 50);
prepare figures as
select
  status, open_amount, overdue_amount, debt_depth, debt_depth_days, risky_amount, debt_age_days,
  settlement_ras, settlement_days, variance_days, timing, settlement_period_days, settled_on
from bi.invoice
where account_id = test.account();
select results_eq(
  'figures',
  $$
    values (
      'open', 100::numeric, 50::numeric, 2500::numeric, 25.00, 50::numeric, 59,
      null::date, null::numeric, null::numeric, 'late', null::numeric, null::date
    )
  $$,
  'nothing paid: 50 stand 50 days past due'
);
insert into doc.payment (account_id, payment_id, doc_date, amount)
values (test.account(), 11, '2025-01-20', 20);
select results_eq(
  'figures',
  $$
    values (
      -- 30 · 50 days; over the 80 that are open
      'partial', 80::numeric, 30::numeric, 1500::numeric, 18.75, 30::numeric, 59,
      date '2025-01-20', 19.00, 10.00, 'late', null::numeric, null::date
    )
  $$,
  'the figures so far'
);
set local rasid.today = '2025-02-09';
select is(
  (select (overdue_amount, risky_amount)::text from bi.invoice where account_id = test.account()),
  '(30,0)',
  '30 days past due are not yet risky'
);
set local rasid.today = '2025-02-10';
select is(
  (select (overdue_amount, risky_amount)::text from bi.invoice where account_id = test.account()),
  '(30,30)',
  '31 days are'
);
set local rasid.today = '2025-01-10';
select is(
  (select (overdue_amount, debt_depth)::text from bi.invoice where account_id = test.account()),
  '(0,0)',
  'on the due date nothing is overdue'
);

select * from finish();

rollback;
