-- What was kept when a month was closed is not altered by later corrections; what has moved shows.
begin;

select plan(12);

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
  'select figure, kept_amount, now_amount, moved_amount from bi.month_end_drift
   where as_of = ''2025-01-31'' order by figure',
  $$
    values ('balance', 70::numeric, 30::numeric, -40::numeric), ('d1_30', 70, 30, -40),
      ('debt_depth', 770, 330, -440), ('exposure_amount', 70, 30, -40),
      ('open_amount', 70, 30, -40), ('overdue_amount', 70, 30, -40)
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
insert into doc.invoice (account_id, amount, doc_date, due_date, auto_allocate)
select c, v.amount, '2024-01-01', v.due_date, false
from late
cross join (
  values (10, date '2025-01-21'), (20, '2024-12-21'), (40, '2024-11-21'), (80, '2024-10-21'),
    (160, '2024-01-01')
) as v (amount, due_date);
insert into doc.payment (account_id, amount, doc_date, auto_allocate)
select c, 7, '2025-01-05', false from late;
insert into doc.cheque (account_id, amount, doc_date, due_date, auto_allocate, status)
select c, v.amount, '2025-01-05', '2025-02-05', false, v.status
from late
cross join (values (9, 'in_hand'), (11, 'bounced')) as v (amount, status);
do $$
begin
  perform test.make_invoice(c, 100, '2025-01-01', '2025-01-05'),
    test.make_payment(c, 100, '2025-01-06')
  from late;
end
$$;
select results_eq(
  'select count(*), sum(kept_amount), bool_and(moved_amount = now_amount)
   from bi.month_end_drift, late where account_id = c',
  'values (19::bigint, 0::numeric, true)',
  'in each of its figures, for nothing was kept of it'
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
