-- A note, an adjustment or a pin that names a void invoice.
begin;

select plan(1);

set local rasid.today = '2025-06-15';
call test.open();

insert into doc.invoice (account_id, invoice_id, doc_date, amount, status)
values
  (test.account(), 1, '2025-05-01', 100, 'void'),
  (test.account(), 2, '2025-05-01', 100, 'active');
insert into doc.payment (account_id, payment_id, doc_date, amount)
values (test.account(), 11, '2025-05-05', 80);
insert into doc.credit_note (account_id, credit_note_id, doc_date, amount, invoice_id, status)
values
  (test.account(), 31, '2025-05-05', 1, 1, 'active'),
  (test.account(), 32, '2025-05-05', 1, 2, 'active'),
  (test.account(), 33, '2025-05-05', 1, 1, 'void');
insert into doc.adjustment (account_id, adjustment_id, doc_date, amount, invoice_id, status)
values
  (test.account(), 41, '2025-05-05', 2, 1, 'active'),
  (test.account(), 42, '2025-05-05', 2, 2, 'active'),
  (test.account(), 43, '2025-05-05', 2, 1, 'void');
insert into doc.pin (account_id, pin_id, payment_id, invoice_id, amount)
values (test.account(), 61, 11, 1, 4), (test.account(), 62, 11, 2, 4);
select is(
  test.exceptions('names_void_invoice'),
  'credit_note 31 1, adjustment 41 2, pin 61 4',
  'those that do; not the void ones'
);

select * from finish();

rollback;
