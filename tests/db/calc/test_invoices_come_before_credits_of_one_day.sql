-- Of one day all invoices are there before the first credit goes, whatever their ids.
begin;

select plan(1);

call test.open(p_policy => 'fifo_due');

insert into doc.payment (account_id, payment_id, doc_date, amount)
values (test.account(), 1, '2025-01-01', 100);
insert into doc.invoice (account_id, invoice_id, doc_date, due_date, amount)
values
  (test.account(), 12, '2025-01-01', '2025-06-01', 70),
  (test.account(), 13, '2025-01-01', '2025-02-01', 70);
-- In order of ids, 12 would have taken 70 of it first.
select is(test.settled(), '1>12 30 auto, 1>13 70 auto', 'the payment finds both');

select * from finish();

rollback;
