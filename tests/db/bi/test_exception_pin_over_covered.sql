-- A pin gives less than it says.
begin;

select plan(3);

set local rasid.today = '2025-06-15';
call test.open();

insert into doc.invoice (account_id, invoice_id, doc_date, amount)
values (test.account(), 1, '2025-05-01', 100), (test.account(), 2, '2025-05-01', 100);
insert into doc.payment (account_id, payment_id, doc_date, amount)
values (test.account(), 11, '2025-05-05', 150), (test.account(), 12, '2025-05-06', 30);
insert into doc.pin (account_id, pin_id, payment_id, invoice_id, amount)
values (test.account(), 61, 11, 1, 120), (test.account(), 62, 11, 2, 50),
  (test.account(), 63, 12, 1, 30);
select is(
  test.exceptions('pin_over_covered'), 'pin 61 20, pin 63 30',
  'by as much; all of it where others were there first; one gives all'
);
update doc.pin set amount = null where pin_id = 61;
select is(
  test.exceptions('pin_over_covered'), 'pin 63 30', 'as much as fits is never too little'
);
update doc.payment set status = 'rejected';
select is(
  test.exceptions('pin_over_covered'), 'pin 62 50, pin 63 30', 'a credit that does not count'
);

select * from finish();

rollback;
