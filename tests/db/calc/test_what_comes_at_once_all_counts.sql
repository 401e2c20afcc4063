-- Money that one statement brings, accepts or takes away counts, or counts no more, all of it.
begin;

select plan(6);

call test.open();
insert into doc.invoice (account_id, invoice_id, doc_date, amount)
values (test.account(), 1, '2025-01-01', 100);

insert into doc.payment (account_id, payment_id, doc_date, amount)
values (test.account(), 11, '2025-02-01', 1), (test.account(), 12, '2025-02-01', 1);
insert into doc.cheque (account_id, cheque_id, doc_date, due_date, amount)
values
  (test.account(), 21, '2025-02-01', '2025-03-01', 1),
  (test.account(), 22, '2025-02-01', '2025-03-01', 1);
select is(
  test.settled(), '11>1 1 auto, 12>1 1 auto, 21>1 1 auto, 22>1 1 auto', 'two payments, two cheques'
);

insert into doc.payment (account_id, payment_id, doc_date, amount, status)
values
  (test.account(), 31, '2025-02-02', 1, 'pending'),
  (test.account(), 32, '2025-02-02', 1, 'pending');
update doc.payment set status = 'approved' where status = 'pending';
select is(
  (select sum(a.amount) from bi.allocation as a where a.credit_id in (31, 32)), 2::numeric,
  'two payments approved'
);
insert into doc.cheque (account_id, cheque_id, doc_date, due_date, amount, status)
values
  (test.account(), 41, '2025-02-03', '2025-03-01', 1, 'submitted'),
  (test.account(), 42, '2025-02-03', '2025-03-01', 1, 'submitted');
update doc.cheque set status = 'in_hand' where status = 'submitted';
select is(
  (select sum(a.amount) from bi.allocation as a where a.credit_id in (41, 42)), 2::numeric,
  'two cheques accepted'
);

delete from doc.payment where payment_id = 11;
delete from doc.cheque where cheque_id = 21;
select is(
  test.settled(),
  '12>1 1 auto, 22>1 1 auto, 31>1 1 auto, 32>1 1 auto, 41>1 1 auto, 42>1 1 auto', 'one is deleted'
);
delete from doc.payment;
delete from doc.cheque;
select is(test.settled(), '', 'all are deleted');

select is_empty('select * from calc.verify()', 'and the figures follow from the documents');

select * from finish();

rollback;
