-- What was kept when a month was closed is not altered by later corrections; what has moved shows.
begin;

select plan(11);

create temporary table given as select test.make_account() as a, test.make_account() as b;
create temporary table made as
select a, b, test.make_invoice(a, 100, '2025-01-10', '2025-01-20') as invoice_id,
  test.make_invoice(b, 70, '2025-01-10') as other_id,
  test.make_payment(a, 30, '2025-01-25') as payment_id
from given;

select test.refused(
  'select audit.keep_month_end(''2025-01-31'')', 'RS407', 'period_closed_known',
  'only a closed month is kept'
);
select ref.close_period('2025-01-31', 'January');
create temporary table kept as select audit.keep_month_end('2025-01-31') as month_end_id;

select results_eq(
  $$
    select open_amount, unapplied_amount, overdue_amount, d1_30, not_due
    from bi.month_end, given where account_id = a and as_of = '2025-01-31'
  $$,
  'values (70::numeric, 0::numeric, 70::numeric, 70::numeric, 0::numeric)',
  'the figures of the day'
);
select is(
  (select count(*) from bi.month_end where as_of = '2025-01-31'),
  (select count(*) from ref.account),
  'of every account'
);
select is_empty('select * from bi.month_end_drift', 'nothing has moved');
select is(
  audit.keep_month_end('2025-01-31'), (select month_end_id from kept), 'it is kept once'
);

-- What comes later moves nothing of that day.
insert into doc.payment (account_id, amount, doc_date) select a, 20, '2025-02-03' from given;
select is_empty('select * from bi.month_end_drift', 'nor does what comes after');

set local rasid.lock_reason = 'found in the bank statement';
insert into doc.payment (account_id, amount, doc_date) select a, 40, '2025-01-30' from given;
select results_eq(
  'select figure, kept_amount, now_amount from bi.month_end_drift where as_of = ''2025-01-31''
   order by figure',
  $$
    values ('balance', 70::numeric, 30::numeric), ('d1_30', 70, 30), ('debt_depth', 770, 330),
      ('exposure_amount', 70, 30), ('open_amount', 70, 30), ('overdue_amount', 70, 30)
  $$,
  'a correction shows, figure by figure'
);
select is(
  (select open_amount from bi.month_end, given where account_id = a), 70::numeric,
  'what was kept stays'
);

-- An account that was not there.
create temporary table late as select test.make_account() as c;
insert into doc.invoice (account_id, amount, doc_date) select c, 5, '2025-01-31' from late;
select results_eq(
  'select kept_amount, now_amount from bi.month_end_drift, late
   where account_id = c and figure = ''open_amount''',
  'values (0::numeric, 5::numeric)',
  'an account that is newer shows too'
);

select ref.reopen_period('2025-01-31', 'once more');
select ref.close_period('2025-01-31', 'January again');
insert into kept select audit.keep_month_end('2025-01-31');
select is_empty('select * from bi.month_end_drift', 'closed again, it is kept again');
select is(
  (select count(*) from audit.month_end where as_of = '2025-01-31'), 2::bigint,
  'and what was kept before is there still'
);

select * from finish();

rollback;
