-- What names an invoice that does not count goes its way like any other credit.
begin;

select plan(2);

call test.open();

insert into doc.invoice (account_id, invoice_id, doc_date, amount, status)
values
  (test.account(), 1, '2025-01-01', 100, 'active'),
  (test.account(), 2, '2025-01-02', 100, 'void');
insert into doc.credit_note (account_id, credit_note_id, kind, doc_date, amount, invoice_id)
values
  (test.account(), 31, 'return', '2025-01-05', 1, 2),
  (test.account(), 32, 'price', '2025-01-05', 2, 2);
insert into doc.adjustment (account_id, adjustment_id, doc_date, amount, invoice_id)
values (test.account(), 41, '2025-01-05', 4, 2);
insert into doc.payment (account_id, payment_id, doc_date, amount)
values (test.account(), 11, '2025-01-05', 8);
insert into doc.pin (account_id, pin_id, payment_id, invoice_id)
values (test.account(), 61, 11, 2);
select is(
  test.settled(), '11>1 8 auto, 31>1 1 auto, 32>1 2 auto, 41>1 4 auto', 'the void one is not there'
);

update doc.invoice set status = 'active' where invoice_id = 2;
select is(
  test.settled(), '11>2 8 pin, 31>2 1 linked, 32>2 2 linked, 41>2 4 linked', 'once it counts'
);

select * from finish();

rollback;
