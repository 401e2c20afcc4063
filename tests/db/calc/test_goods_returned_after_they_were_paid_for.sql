-- The past is left alone; the return becomes credit on the day of the return.
begin;

select plan(4);

call test.open();

insert into doc.invoice (account_id, invoice_id, doc_date, amount)
values (test.account(), 1, '2025-01-01', 100);
insert into doc.payment (account_id, payment_id, doc_date, amount)
values (test.account(), 11, '2025-01-05', 100);
insert into doc.credit_note (account_id, credit_note_id, doc_date, amount, invoice_id)
values (test.account(), 31, '2025-01-20', 30, 1);
select is(test.settled(), '11>1 100 auto', 'the invoice stays paid');
select is(
  (select unapplied_amount from bi.account where account_id = test.account()),
  30::numeric,
  'the return is left over'
);
insert into doc.invoice (account_id, invoice_id, doc_date, amount)
values (test.account(), 2, '2025-02-01', 100);
select is(test.settled(), '11>1 100 auto, 31>2 30 auto', 'for the next invoice');

update doc.credit_note set doc_date = '2025-01-04';
select is(
  test.settled(), '11>1 70 auto, 31>1 30 linked, 11>2 30 auto', 'unlike goods returned before'
);

select * from finish();

rollback;
