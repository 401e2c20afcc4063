-- Stage 1: adjustments and the price and other notes that name an invoice say that it should have
-- been smaller. They come first, by (doc_date, id), then the pins; what they do not use up goes on.
begin;

select plan(6);

call test.open();

insert into doc.invoice (account_id, invoice_id, doc_date, amount)
values (test.account(), 1, '2025-01-01', 30), (test.account(), 2, '2025-02-01', 100);
insert into doc.payment (account_id, payment_id, doc_date, amount)
values (test.account(), 11, '2025-01-01', 80);
insert into doc.pin (account_id, pin_id, payment_id, invoice_id)
values (test.account(), 61, 11, 1);
select is(test.settled(), '11>1 30 pin, 11>2 50 auto', 'the pin alone');

insert into doc.adjustment (account_id, adjustment_id, doc_date, amount, invoice_id)
values (test.account(), 41, '2025-03-10', 10, 1);
insert into doc.credit_note (account_id, credit_note_id, kind, doc_date, amount, invoice_id)
values
  (test.account(), 32, 'other', '2025-03-10', 5, 1),
  (test.account(), 31, 'price', '2025-03-01', 20, 1);

-- 31 is dated first, of one day 32 has the smaller id: 20, 5, and 5 of the 10 of 41.
select is(
  test.settled(),
  '31>1 20 linked, 32>1 5 linked, 41>1 5 linked, 11>2 80 auto, 41>2 5 auto',
  'notes and adjustments first, in order of date and id'
);
update doc.adjustment set doc_date = '2025-02-28' where adjustment_id = 41;
select is(
  test.settled(),
  '31>1 20 linked, 41>1 10 linked, 11>2 80 auto, 32>2 5 auto',
  'a change of the date changes the order'
);
update doc.credit_note set invoice_id = null where credit_note_id = 31;
select is(
  test.settled(),
  '11>1 15 pin, 32>1 5 linked, 41>1 10 linked, 11>2 65 auto, 31>2 20 auto',
  'one that names no invoice is a credit like any other, and leaves room to the pin'
);
update doc.credit_note set invoice_id = 2 where credit_note_id = 31;
select is(
  test.settled(),
  '11>1 15 pin, 32>1 5 linked, 41>1 10 linked, 11>2 65 auto, 31>2 20 linked',
  'one that names what it went to by itself stays there, as told'
);

call test.open('b');
insert into doc.invoice (account_id, invoice_id, doc_date, amount)
values (test.account('b'), 5, '2025-01-01', 100), (test.account('b'), 6, '2025-01-10', 50);
insert into doc.credit_note (account_id, credit_note_id, kind, doc_date, amount, invoice_id)
values (test.account('b'), 35, 'price', '2025-01-02', 80, 6);
insert into doc.payment (account_id, payment_id, doc_date, amount)
values (test.account('b'), 15, '2025-01-05', 100);
select is(
  test.settled(test.account('b')),
  '15>5 70 auto, 35>5 30 auto, 35>6 50 linked',
  'what is left of one takes its turn on its own day: it waits for its invoice no more than that'
);

select * from finish();

rollback;
