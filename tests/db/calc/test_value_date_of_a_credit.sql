-- Payment: value_date, else doc_date. Set-off: doc_date. Cheque: the later of due and hand-over,
-- but the day it was cleared when that is before it or more than cheque_grace_days (7) after it.
begin;

select plan(3);

call test.open();
call test.open('b', p_side => 'payable');

insert into doc.invoice (account_id, invoice_id, doc_date, amount)
values (test.account(), 1, '2025-01-01', 1000);
insert into doc.payment (account_id, payment_id, doc_date, value_date, amount)
values
  (test.account(), 11, '2025-01-10', null, 1),
  (test.account(), 12, '2025-01-10', '2025-01-12', 1),
  (test.account(), 13, '2025-01-10', '2025-01-08', 1);
insert into doc.cheque (account_id, cheque_id, doc_date, due_date, amount, status, cleared_on)
values
  (test.account(), 21, '2025-01-10', '2025-02-01', 1, 'in_hand', null),
  (test.account(), 22, '2025-02-10', '2025-02-01', 1, 'in_hand', null),
  (test.account(), 23, '2025-01-10', '2025-02-01', 1, 'cleared', '2025-02-05'),
  (test.account(), 24, '2025-01-10', '2025-02-01', 1, 'cleared', '2025-02-08'),
  (test.account(), 25, '2025-01-10', '2025-02-01', 1, 'cleared', '2025-02-09'),
  (test.account(), 26, '2025-01-10', '2025-02-01', 1, 'cleared', '2025-01-31'),
  (test.account(), 27, '2025-02-10', '2025-02-01', 1, 'cleared', '2025-02-17'),
  (test.account(), 28, '2025-02-10', '2025-02-01', 1, 'cleared', '2025-02-18'),
  (test.account(), 29, '2025-02-10', '2025-02-01', 1, 'cleared', '2025-02-05');
insert into doc.credit_note (account_id, credit_note_id, doc_date, amount)
values (test.account(), 31, '2025-01-10', 1);
insert into doc.set_off (account_id, set_off_id, set_off_no, doc_date, amount)
values (test.account(), 51, 's', '2025-01-31', 1), (test.account('b'), 52, 's', '2025-01-31', 1);

prepare value_dates as
select a.credit_id, a.value_date
from bi.allocation as a
where a.account_id = test.account()
order by a.credit_id;

select results_eq(
  'value_dates',
  $$
    values
      (11::bigint, date '2025-01-10'), (12, '2025-01-12'), (13, '2025-01-08'),
      (21, '2025-02-01'), (22, '2025-02-10'),
      (23, '2025-02-01'), (24, '2025-02-01'), (25, '2025-02-09'), (26, '2025-01-31'),
      (27, '2025-02-10'), (28, '2025-02-18'), (29, '2025-02-05'),
      (31, null), (51, '2025-01-31')
  $$,
  'with a grace of 7 days'
);
update ref.account set cheque_grace_days = 0 where account_id = test.account();
select is(
  (
    select string_agg(credit_id || ' ' || value_date, ', ' order by credit_id)
    from bi.allocation
    where account_id = test.account() and credit_id in (21, 23, 24, 27)
  ),
  '21 2025-02-01, 23 2025-02-05, 24 2025-02-08, 27 2025-02-17',
  'without any grace: the day it was cleared'
);
select is_empty('select * from calc.verify()', 'the sums follow');

select * from finish();

rollback;
