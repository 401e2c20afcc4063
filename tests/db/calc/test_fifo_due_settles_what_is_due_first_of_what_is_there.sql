-- fifo_due: lines in order (due date, invoice date, invoice, line), among those there by then. So a
-- receipt can pay a long-dated invoice because a shorter one was issued the next day.
begin;

select plan(6);

call test.open(p_policy => 'fifo_due');

insert into doc.invoice (account_id, invoice_id, doc_date, due_date, amount)
values (test.account(), 1, '2025-01-01', '2025-06-01', 100);
insert into doc.payment (account_id, payment_id, doc_date, amount)
values (test.account(), 11, '2025-01-02', 100);
insert into doc.invoice (account_id, invoice_id, doc_date, due_date, amount)
values (test.account(), 2, '2025-01-03', '2025-01-10', 100);
select is(test.settled(), '11>1 100 auto', 'the short one was not there yet');

update doc.invoice set doc_date = '2025-01-02' where invoice_id = 2;
select is(test.settled(), '11>2 100 auto', 'issued on the day of the receipt it is');

insert into doc.invoice (account_id, invoice_id, doc_date, due_date, amount)
values
  (test.account(), 5, '2025-01-01', '2025-01-10', 10),
  (test.account(), 4, '2025-01-02', '2025-01-10', 10),
  (test.account(), 3, '2025-01-01', '2025-01-11', 10);
select is(
  test.settled(), '11>2 90 auto, 11>5 10 auto', 'due on one day: the older, then the smaller id'
);
insert into doc.payment (account_id, payment_id, doc_date, amount)
values (test.account(), 12, '2025-01-05', 45);
select is(
  test.settled(),
  '12>1 15 auto, 11>2 90 auto, 12>2 10 auto, 12>3 10 auto, 12>4 10 auto, 11>5 10 auto',
  'and so on'
);

-- Enough that wait to stand over each other in the heap, in two orders.
call test.open('b', p_policy => 'fifo_due');
insert into doc.payment (account_id, payment_id, doc_date, amount)
select test.account('b'), 20 + n, '2025-01-05', 15
from generate_series(1, 4) as n;
insert into doc.invoice (account_id, invoice_id, doc_date, due_date, amount)
select test.account('b'), n, '2025-01-01', date '2025-02-01' + place, 10
from unnest(array[1, 2, 3, 5, 4, 7, 6]) with ordinality as d (place, n);
select is(
  test.settled(test.account('b')),
  '21>1 10 auto, 21>2 5 auto, 22>2 5 auto, 22>3 10 auto, 23>4 5 auto, 24>4 5 auto, '
    '23>5 10 auto, 24>7 10 auto',
  'seven that wait in the order of their days, almost'
);
call test.open('c', p_policy => 'fifo_due');
insert into doc.payment (account_id, payment_id, doc_date, amount)
select test.account('c'), 20 + n, '2025-01-05', 15
from generate_series(1, 4) as n;
insert into doc.invoice (account_id, invoice_id, doc_date, due_date, amount)
select test.account('c'), n, '2025-01-01', date '2025-02-01' + place, 10
from unnest(array[6, 4, 7, 2, 5, 3, 1]) with ordinality as d (place, n);
select is(
  test.settled(test.account('c')),
  '24>1 10 auto, 23>2 10 auto, 21>4 5 auto, 22>4 5 auto, 23>5 5 auto, 24>5 5 auto, '
    '22>6 10 auto, 21>7 10 auto',
  'and in another'
);

select * from finish();

rollback;
