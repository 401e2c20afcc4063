-- Until its installments add up to it, an invoice is one line, so every statement in between is
-- right.
begin;

select plan(9);

call test.open();

insert into doc.invoice (account_id, invoice_id, doc_date, due_date, amount)
values (test.account(), 1, '2025-01-01', '2025-03-01', 100);
insert into doc.payment (account_id, payment_id, doc_date, amount)
values (test.account(), 11, '2025-01-05', 70);
select is(test.lines(), '1 100 2025-03-01', 'none: one line at the due date');

insert into doc.installment (account_id, installment_id, invoice_id, line_no, due_date, amount)
values (test.account(), 71, 1, 1, '2025-02-01', 60);
select is(test.lines(), '1 100 2025-03-01', 'not all of it yet: one line still');
select is(test.settled(), '11>1 70 auto', 'settled as one');

insert into doc.installment (account_id, installment_id, invoice_id, line_no, due_date, amount)
values (test.account(), 72, 1, 2, '2025-04-01', 40);
select is(test.lines(), '1.1 60 2025-02-01, 1.2 40 2025-04-01', 'complete: its installments');
select is(test.settled(), '11>1.1 60 auto, 11>1.2 10 auto', 'settled as they are due');

update doc.installment set amount = 50 where installment_id = 71;
select is(test.lines(), '1 100 2025-03-01', 'no more complete: one line');
update doc.installment set amount = 50 where installment_id = 72;
select is(test.lines(), '1.1 50 2025-02-01, 1.2 50 2025-04-01', 'complete again');
update doc.invoice set amount = 120 where invoice_id = 1;
select is(test.lines(), '1 120 2025-03-01', 'also when it is the invoice that changes');
delete from doc.installment;
update doc.invoice set due_date = null where invoice_id = 1;
select is(test.lines(), '1 120 2025-01-01', 'nothing agreed: due on the day of the invoice');

select * from finish();

rollback;
