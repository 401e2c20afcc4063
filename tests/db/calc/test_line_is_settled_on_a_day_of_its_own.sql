-- What settles the other lines of an invoice has no part in the day on which one is settled, when the
-- credits move on.
begin;

select plan(2);

call test.open();
insert into doc.invoice (account_id, invoice_id, doc_date, amount)
values (test.account(), 1, '2025-01-01', 100);
insert into doc.installment (account_id, invoice_id, line_no, due_date, amount)
values (test.account(), 1, 1, '2025-02-01', 60), (test.account(), 1, 2, '2025-03-01', 40);
insert into doc.payment (account_id, payment_id, doc_date, amount)
values
  (test.account(), 11, '2025-01-10', 60),
  (test.account(), 12, '2025-01-20', 10),
  (test.account(), 13, '2025-03-01', 30);
update doc.payment set amount = 50 where payment_id = 11;
select results_eq(
  $$
    select l.line_no, l.last_effective_date from calc.line as l
    where l.account_id = test.account() order by l.line_no
  $$,
  $$values (1, date '2025-01-20'), (2, '2025-03-01')$$,
  'the first by the second payment, the other by the third'
);
select is_empty('select * from calc.verify()', 'and the figures follow from the documents');

select * from finish();

rollback;
