-- manual: pins, notes and adjustments that name an invoice, and named returns. Nothing by itself.
begin;

select plan(5);

call test.open(p_policy => 'manual');

insert into doc.payment (account_id, payment_id, doc_date, amount)
values (test.account(), 11, '2025-01-01', 100);
insert into doc.invoice (account_id, invoice_id, doc_date, amount)
values (test.account(), 1, '2025-01-02', 60), (test.account(), 2, '2025-01-03', 60);
insert into doc.cheque (account_id, cheque_id, doc_date, due_date, amount)
values (test.account(), 21, '2025-01-04', '2025-01-04', 20);
select is(test.settled(), '', 'nothing told, nothing settled');

insert into doc.credit_note (account_id, credit_note_id, doc_date, amount, invoice_id)
values (test.account(), 31, '2025-01-05', 70, 2), (test.account(), 32, '2025-01-05', 5, null);
select is(test.settled(), '31>2 60 linked', 'a return goes to its invoice, the rest of it waits');

insert into doc.pin (account_id, pin_id, cheque_id, invoice_id)
values (test.account(), 61, 21, 1);
insert into doc.adjustment (account_id, adjustment_id, doc_date, amount, invoice_id)
values (test.account(), 41, '2025-01-06', 3, 1);
select is(test.settled(), '21>1 20 pin, 41>1 3 linked, 31>2 60 linked', 'what is told');

update ref.account set policy = 'fifo_issue' where account_id = test.account();
select is(
  test.settled(),
  '11>1 37 auto, 21>1 20 pin, 41>1 3 linked, 11>2 60 auto',
  'another policy does the rest, as if it had always been there'
);
update ref.account set policy = 'manual' where account_id = test.account();
select is(test.settled(), '21>1 20 pin, 41>1 3 linked, 31>2 60 linked', 'and back');

select * from finish();

rollback;
