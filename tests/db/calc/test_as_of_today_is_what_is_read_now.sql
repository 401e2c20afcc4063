-- As of a day after all documents, with today on it, the functions show what the views show.
begin;

select plan(4);

set local rasid.today = '2025-06-01';
call test.open();
call test.open('b', p_policy => 'fifo_due');
call test.open('c', p_policy => 'manual', p_side => 'payable');
call test.open('empty');

insert into doc.invoice (account_id, invoice_id, kind, doc_date, due_date, amount, auto_allocate)
select
  test.account(a), 10 * n + i, case when i = 3 then 'opening' else 'invoice' end,
  date '2025-01-01' + 7 * i,
  case when i = 6 then date '2025-07-01' else date '2025-03-01' - 5 * i end, 100 + i, i <> 4
from unnest(array['a', 'b', 'c']) with ordinality as x (a, n)
cross join generate_series(1, 6) as i;
insert into doc.payment (account_id, payment_id, doc_date, amount, auto_allocate)
select test.account(a), 100 * n + i, date '2025-01-05' + 9 * i, 60, i <> 2
from unnest(array['a', 'b', 'c']) with ordinality as x (a, n)
cross join generate_series(1, 4) as i;
insert into doc.cheque (account_id, cheque_id, doc_date, due_date, amount, status, status_date)
select
  test.account(a), 1000 * n + i, date '2025-02-01' + i, date '2025-02-20' + i, 35,
  (array['in_hand', 'cleared', 'bounced', 'endorsed'])[i], date '2025-03-01' + i
from unnest(array['a', 'b', 'c']) with ordinality as x (a, n)
cross join generate_series(1, 4) as i;
insert into doc.payment (account_id, doc_date, amount, cheque_id, status)
select test.account(a), '2025-03-10', p.amount, 1000 * n + 3, p.status
from unnest(array['a', 'b', 'c']) with ordinality as x (a, n)
cross join (values (10, 'approved'), (5, 'pending')) as p (amount, status);
insert into doc.credit_note (account_id, credit_note_id, kind, doc_date, amount, invoice_id)
select test.account(a), 10000 + n, 'return', '2025-02-02', 12, 10 * n + 2
from unnest(array['a', 'b', 'c']) with ordinality as x (a, n);
insert into doc.adjustment (account_id, adjustment_id, kind, doc_date, amount, invoice_id)
select test.account(a), 20000 + n, 'write_off', '2025-02-02', 2, 10 * n + 5
from unnest(array['a', 'b', 'c']) with ordinality as x (a, n);
insert into doc.pin (account_id, cheque_id, invoice_id, amount)
select test.account(a), 1000 * n + 1, 10 * n + 6, 20
from unnest(array['a', 'b', 'c']) with ordinality as x (a, n);

select set_eq(
  'select * from bi.invoice_as_of(''2025-06-01'')', 'select * from bi.invoice', 'invoices'
);
select set_eq(
  'select * from bi.account_as_of(''2025-06-01'')', 'select * from bi.account', 'accounts'
);
select set_eq(
  'select * from bi.aging_as_of(''2025-06-01'')', 'select * from bi.aging', 'aging'
);

select results_eq(
  $$
    select f.bounced_amount
    from (values (date '2025-03-09'), ('2025-03-10')) as d (day)
    cross join lateral bi.account_as_of(d.day) as f
    where f.account_id = test.account()
    order by d.day
  $$,
  'values (35::numeric), (25)',
  'what the bank paid of a bounced cheque is known from its day on'
);

select * from finish();

rollback;
