-- A pin, a note or a return goes to the lines of its invoice in order (due_date, line_no).
begin;

select plan(3);

call test.open(p_policy => 'manual');

insert into doc.invoice (account_id, invoice_id, doc_date, amount)
values (test.account(), 1, '2025-01-01', 100);
insert into doc.installment (account_id, invoice_id, line_no, due_date, amount)
values
  (test.account(), 1, 1, '2025-03-01', 40),
  (test.account(), 1, 2, '2025-02-01', 30),
  (test.account(), 1, 3, '2025-02-01', 30);
insert into doc.payment (account_id, payment_id, doc_date, amount)
values (test.account(), 11, '2025-01-05', 50);
insert into doc.pin (account_id, payment_id, invoice_id)
values (test.account(), 11, 1);
select is(test.settled(), '11>1.2 30 pin, 11>1.3 20 pin', 'a pin');

insert into doc.adjustment (account_id, adjustment_id, doc_date, amount, invoice_id)
values (test.account(), 41, '2025-01-06', 35, 1);
select is(
  test.settled(),
  '11>1.1 25 pin, 41>1.2 30 linked, 11>1.3 25 pin, 41>1.3 5 linked',
  'an adjustment, before it'
);

delete from doc.adjustment;
insert into doc.credit_note (account_id, credit_note_id, doc_date, amount, invoice_id)
values (test.account(), 31, '2025-01-07', 35, 1);
select is(
  test.settled(),
  '31>1.1 25 linked, 11>1.2 30 pin, 11>1.3 20 pin, 31>1.3 10 linked',
  'a return, after it'
);

select * from finish();

rollback;
