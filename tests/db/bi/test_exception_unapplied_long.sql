-- Money dated more than 30 days ago that settles nothing.
begin;

select plan(3);

set local rasid.today = '2025-06-15';
call test.open();

insert into doc.payment (account_id, payment_id, doc_date, amount)
values
  (test.account(), 11, '2025-05-15', 100),
  (test.account(), 12, '2025-05-16', 200),
  (test.account(), 13, '2025-01-01', 400);
select is(
  test.exceptions('unapplied_long'), 'payment 11 100, payment 13 400', '31 days ago, not 30'
);
insert into doc.invoice (account_id, invoice_id, doc_date, amount)
values (test.account(), 1, '2025-06-01', 430);
select is(test.exceptions('unapplied_long'), 'payment 11 70', 'what is left over of it');
insert into doc.credit_note (account_id, credit_note_id, doc_date, amount)
values (test.account(), 31, '2025-02-01', 5);
insert into doc.payment (account_id, payment_id, doc_date, amount, status)
values (test.account(), 14, '2025-02-01', 5, 'pending');
select is(
  test.exceptions('unapplied_long'), 'payment 11 75', 'notes as well; not what does not count'
);

select * from finish();

rollback;
