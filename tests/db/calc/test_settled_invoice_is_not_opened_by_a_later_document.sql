-- What is dated later leaves alone what was settled before.
begin;

select plan(2);

call test.open();

insert into doc.invoice (account_id, invoice_id, doc_date, amount)
values (test.account(), 1, '2025-01-01', 100);
insert into doc.payment (account_id, payment_id, doc_date, amount)
values (test.account(), 11, '2025-01-05', 100);

insert into doc.invoice (account_id, invoice_id, doc_date, due_date, amount)
values (test.account(), 2, '2025-01-06', '2024-12-01', 100);
insert into doc.payment (account_id, payment_id, doc_date, amount)
values (test.account(), 12, '2025-01-07', 50);
insert into doc.credit_note (account_id, credit_note_id, doc_date, amount, invoice_id)
values (test.account(), 31, '2025-01-08', 20, 1);
select is(
  test.settled(), '11>1 100 auto, 12>2 50 auto, 31>2 20 auto', 'the first is as it was'
);
update ref.account set policy = 'fifo_due' where account_id = test.account();
select is(
  test.settled(), '11>1 100 auto, 12>2 50 auto, 31>2 20 auto', 'whatever the order of lines'
);

select * from finish();

rollback;
