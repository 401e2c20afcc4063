-- auto_allocate = false: a disputed invoice, money kept for something. Only what is told reaches
-- it.
begin;

select plan(5);

call test.open();

insert into doc.invoice (account_id, invoice_id, doc_date, amount, auto_allocate)
values
  (test.account(), 1, '2025-01-01', 100, false),
  (test.account(), 2, '2025-01-02', 100, true);
insert into doc.payment (account_id, payment_id, doc_date, amount, auto_allocate)
values
  (test.account(), 11, '2025-01-05', 10, true),
  (test.account(), 12, '2025-01-05', 20, false);
insert into doc.cheque (account_id, cheque_id, doc_date, due_date, amount, auto_allocate)
values
  (test.account(), 21, '2025-01-05', '2025-02-05', 40, false);
select is(test.settled(), '11>2 10 auto', 'each keeps to itself');
select is(
  (select (blocked_amount, unapplied_amount)::text from bi.account
   where account_id = test.account()),
  '(100,60)',
  'and shows'
);

insert into doc.pin (account_id, pin_id, payment_id, cheque_id, invoice_id, amount)
values
  (test.account(), 61, 12, null, 1, null),
  (test.account(), 62, null, 21, 2, 15);
select is(test.settled(), '12>1 20 pin, 11>2 10 auto, 21>2 15 pin', 'a pin reaches them');

insert into doc.credit_note (account_id, credit_note_id, kind, doc_date, amount, invoice_id)
values
  (test.account(), 31, 'return', '2025-01-06', 30, 1),
  (test.account(), 32, 'price', '2025-01-06', 5, 1);
select is(
  test.settled(),
  '12>1 20 pin, 31>1 30 linked, 32>1 5 linked, 11>2 10 auto, 21>2 15 pin',
  'notes that name it too'
);

update doc.invoice set auto_allocate = true where invoice_id = 1;
update doc.cheque set auto_allocate = true where cheque_id = 21;
select is(
  test.settled(),
  '11>1 10 auto, 12>1 20 pin, 21>1 25 auto, 31>1 30 linked, 32>1 5 linked, 21>2 15 pin',
  'released, they take part as if they always had'
);

select * from finish();

rollback;
