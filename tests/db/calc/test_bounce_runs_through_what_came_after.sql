-- A bounce, a void or a late correction: as if the document had always been what it is now.
begin;

select plan(6);

call test.open();

insert into doc.invoice (account_id, invoice_id, doc_date, amount)
values
  (test.account(), 1, '2025-01-01', 100),
  (test.account(), 2, '2025-02-01', 100),
  (test.account(), 3, '2025-03-01', 100);
insert into doc.cheque (account_id, cheque_id, doc_date, due_date, amount)
values (test.account(), 21, '2025-01-05', '2025-03-05', 100);
insert into doc.payment (account_id, payment_id, doc_date, amount)
values (test.account(), 11, '2025-02-05', 100), (test.account(), 12, '2025-03-05', 100);
select is(test.settled(), '21>1 100 auto, 11>2 100 auto, 12>3 100 auto', 'each its own');

update doc.cheque set status = 'bounced', status_date = '2025-03-06';
select is(test.settled(), '11>1 100 auto, 12>2 100 auto', 'the bounce moves all that follow');

update doc.cheque set status = 'cleared', status_date = '2025-03-20';
select is(
  test.settled(), '21>1 100 auto, 11>2 100 auto, 12>3 100 auto', 'made good: as it was'
);

update doc.invoice set status = 'void' where invoice_id = 1;
select is(test.settled(), '21>2 100 auto, 11>3 100 auto', 'a void invoice frees its cover');
update doc.invoice set status = 'active' where invoice_id = 1;

update doc.payment set doc_date = '2025-01-02', amount = 150 where payment_id = 12;
select is(
  test.settled(),
  '12>1 100 auto, 12>2 50 auto, 21>2 50 auto, 11>3 50 auto, 21>3 50 auto',
  'a payment that was earlier and larger than it seemed'
);
delete from doc.payment where payment_id = 12;
insert into doc.invoice (account_id, invoice_id, doc_date, amount)
values (test.account(), 4, '2024-12-01', 30);
select is(
  test.settled(),
  '11>1 30 auto, 21>1 70 auto, 11>2 70 auto, 21>4 30 auto',
  'an invoice entered late'
);

select * from finish();

rollback;
