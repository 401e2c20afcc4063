-- A return that names an invoice goes to its lines when its turn comes; the rest is as any credit.
begin;

select plan(4);

call test.open();

insert into doc.invoice (account_id, invoice_id, doc_date, amount)
values (test.account(), 1, '2025-01-01', 100), (test.account(), 2, '2025-01-10', 100);
insert into doc.payment (account_id, payment_id, doc_date, amount)
values (test.account(), 11, '2025-01-25', 150);
insert into doc.credit_note (account_id, credit_note_id, doc_date, amount, invoice_id)
values (test.account(), 31, '2025-01-20', 40, 2);
select is(
  test.settled(),
  '11>1 100 auto, 11>2 50 auto, 31>2 40 linked',
  'not to the oldest, as the policy would have it'
);

update doc.credit_note set doc_date = '2025-01-05';
select is(
  test.settled(),
  '11>1 100 auto, 11>2 50 auto, 31>2 40 linked',
  'dated before its invoice it waits for it'
);

update doc.credit_note set amount = 140;
select is(
  test.settled(),
  '11>1 60 auto, 31>1 40 auto, 31>2 100 linked',
  'what is more than its invoice goes on'
);

update doc.invoice set auto_allocate = false where invoice_id = 2;
select is(
  test.settled(),
  '11>1 60 auto, 31>1 40 auto, 31>2 100 linked',
  'also to an invoice kept from automatic allocation'
);

select * from finish();

rollback;
