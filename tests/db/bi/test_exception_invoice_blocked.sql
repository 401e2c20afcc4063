-- An open invoice kept from automatic allocation.
begin;

select plan(1);

set local rasid.today = '2025-06-15';
call test.open();

insert into doc.invoice (account_id, invoice_id, doc_date, amount, auto_allocate, status)
values
  (test.account(), 1, '2025-05-01', 100, false, 'active'),
  (test.account(), 2, '2025-05-01', 100, true, 'active'),
  (test.account(), 3, '2025-05-01', 100, false, 'void'),
  (test.account(), 4, '2025-05-01', 50, false, 'active');
insert into doc.payment (account_id, payment_id, doc_date, amount)
values (test.account(), 11, '2025-05-05', 80);
insert into doc.pin (account_id, payment_id, invoice_id, amount)
values (test.account(), 11, 1, 30), (test.account(), 11, 4, 50);
select is(test.exceptions('invoice_blocked'), 'invoice 1 70', 'at what is open of it');

select * from finish();

rollback;
