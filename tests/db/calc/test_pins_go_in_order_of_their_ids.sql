-- Each pin in turn takes what its credit and its invoice have left.
begin;

select plan(5);

call test.open(p_policy => 'manual');

insert into doc.invoice (account_id, invoice_id, doc_date, amount)
values (test.account(), 1, '2025-01-01', 100);
insert into doc.payment (account_id, payment_id, doc_date, amount)
values (test.account(), 11, '2025-01-05', 60), (test.account(), 12, '2025-01-04', 60);

insert into doc.pin (account_id, pin_id, payment_id, invoice_id)
values (test.account(), 62, 11, 1), (test.account(), 61, 12, 1);
select is(test.settled(), '11>1 40 pin, 12>1 60 pin', '61 before 62');

update doc.pin set pin_id = 63 where pin_id = 61;
select is(test.settled(), '11>1 60 pin, 12>1 40 pin', '62 before 63');

insert into doc.pin (account_id, pin_id, payment_id, invoice_id, amount)
values (test.account(), 1, 12, 1, 25);
select is(
  test.settled(), '11>1 60 pin, 12>1 25 pin, 12>1 15 pin', 'two pins of one credit on one invoice'
);

update doc.pin set amount = 1 where pin_id = 1;
select is(test.settled(), '11>1 60 pin, 12>1 1 pin, 12>1 39 pin', 'one that shrinks to a Rial');
select is(
  calc.bring_told(test.account(), '{1}', '{11}'), null::date,
  'what is told as before is followed by nothing'
);

select * from finish();

rollback;
