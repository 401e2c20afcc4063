-- The sums of an account follow also where one of the three alone is another: what is paid, its days
-- from the invoices, its days from the due dates.
begin;

select plan(4);

call test.open();
create function pg_temp.sums()
returns text
language sql
as $$
  select concat_ws(' ', a.paid_amount, a.settlement_money_days, a.variance_money_days)
  from calc.account as a
  where a.account_id = test.account()
$$;

-- The turn of this one comes after all others: what follows is no append.
insert into doc.payment (account_id, doc_date, amount, auto_allocate)
values (test.account(), '2025-06-01', 1, false);

insert into doc.invoice (account_id, invoice_id, doc_date, due_date, amount)
values (test.account(), 2, '2025-01-10', '2025-01-10', 10);
insert into doc.payment (account_id, payment_id, doc_date, amount)
values (test.account(), 11, '2025-01-10', 10);
select is(pg_temp.sums(), '10 0 0', 'paid on the day of the invoice, when it is due');

insert into doc.invoice (account_id, invoice_id, doc_date, due_date, amount)
values (test.account(), 3, '2025-01-07', '2025-01-10', 10);
select is(pg_temp.sums(), '10 30 0', 'an earlier invoice, due the same day, takes it');

insert into doc.invoice (account_id, invoice_id, doc_date, due_date, amount)
values (test.account(), 1, '2025-01-07', '2025-01-08', 10);
select is(pg_temp.sums(), '10 30 20', 'then one of that day that was due before');

select is_empty('select * from calc.verify()', 'and the figures follow from the documents');

select * from finish();

rollback;
