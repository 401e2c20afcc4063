-- fifo_issue: lines in order (invoice date, invoice, due date, line); of one day the id decides.
begin;

select plan(3);

call test.open();

insert into doc.invoice (account_id, invoice_id, doc_date, due_date, amount)
values
  (test.account(), 1, '2025-01-10', '2025-01-11', 50),
  (test.account(), 2, '2025-01-01', '2025-09-01', 50),
  (test.account(), 4, '2025-01-10', '2025-01-10', 50),
  (test.account(), 3, '2025-01-10', '2025-09-01', 50);
insert into doc.payment (account_id, payment_id, doc_date, amount)
values (test.account(), 11, '2025-01-15', 70);
select is(test.settled(), '11>1 20 auto, 11>2 50 auto', 'the oldest, whatever is due first');

insert into doc.payment (account_id, payment_id, doc_date, amount)
values (test.account(), 12, '2025-01-15', 70);
select is(
  test.settled(),
  '11>1 20 auto, 12>1 30 auto, 11>2 50 auto, 12>3 40 auto',
  'of one day the one with the smaller id'
);

insert into doc.installment (account_id, invoice_id, line_no, due_date, amount)
values
  (test.account(), 3, 1, '2025-05-01', 20),
  (test.account(), 3, 2, '2025-03-01', 10),
  (test.account(), 3, 3, '2025-05-01', 20);
select is(
  test.settled(),
  '11>1 20 auto, 12>1 30 auto, 11>2 50 auto, 12>3.1 20 auto, 12>3.2 10 auto, 12>3.3 10 auto',
  'of one invoice the line due first, of one day in order of line_no'
);

select * from finish();

rollback;
