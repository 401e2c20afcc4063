-- fifo_due: lines in order (due date, invoice date, invoice, line), among those there by then. So a
-- receipt can pay a long-dated invoice because a shorter one was issued the next day.
begin;

select plan(4);

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

select * from finish();

rollback;
