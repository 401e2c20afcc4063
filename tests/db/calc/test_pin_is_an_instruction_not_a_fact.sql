-- A pin can come out smaller than it says, never too big, and comes back by itself.
begin;

select plan(12);

call test.open(p_policy => 'manual');

insert into doc.invoice (account_id, invoice_id, doc_date, amount)
values (test.account(), 1, '2025-01-01', 100), (test.account(), 2, '2025-01-02', 100);
insert into doc.payment (account_id, payment_id, doc_date, amount)
values (test.account(), 11, '2025-01-05', 150);
insert into doc.pin (account_id, pin_id, payment_id, invoice_id, amount)
values (test.account(), 61, 11, 1, 120);
select is(test.settled(), '11>1 100 pin', 'no more than the invoice has');

update doc.invoice set amount = 130 where invoice_id = 1;
select is(test.settled(), '11>1 120 pin', 'no more than it says');

insert into doc.adjustment (account_id, adjustment_id, doc_date, amount, invoice_id)
values (test.account(), 41, '2025-02-01', 50, 1);
select is(test.settled(), '11>1 80 pin, 41>1 50 linked', 'smaller when there is less room');
update doc.adjustment set status = 'void';
select is(test.settled(), '11>1 120 pin', 'and back');

update doc.payment set amount = 70 where payment_id = 11;
select is(test.settled(), '11>1 70 pin', 'no more than the credit has');
update doc.payment set status = 'rejected' where payment_id = 11;
select is(test.settled(), '', 'nothing while the credit does not count');
update doc.payment set status = 'approved', amount = 150 where payment_id = 11;
select is(test.settled(), '11>1 120 pin', 'and back');
update doc.invoice set status = 'void' where invoice_id = 1;
select is(test.settled(), '', 'nothing while the invoice does not count');
update doc.invoice set status = 'active' where invoice_id = 1;

insert into doc.pin (account_id, pin_id, payment_id, invoice_id)
values (test.account(), 62, 11, 2);
select is(test.settled(), '11>1 120 pin, 11>2 30 pin', 'without an amount: as much as fits');
update doc.pin set amount = 90 where pin_id = 61;
select is(test.settled(), '11>1 90 pin, 11>2 60 pin', 'what one leaves another takes');
update doc.pin set invoice_id = 2 where pin_id = 61;
select is(test.settled(), '11>2 90 pin, 11>2 10 pin', 'a pin can be moved');
delete from doc.pin;
select is(test.settled(), '', 'and taken away');

select * from finish();

rollback;
