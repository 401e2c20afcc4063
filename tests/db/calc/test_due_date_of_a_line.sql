-- Installments, else the due date, else the shares of the term, else the day of the invoice.
begin;

select plan(3);

call test.open();

create temporary table term as
select test.make_payment_term(array[30], array[100]::numeric[]) as payment_term_id;

insert into doc.invoice (account_id, invoice_id, doc_date, due_date, amount, payment_term_id)
select
  test.account(), v.id, '2025-01-01', v.due_date, 10,
  case when v.on_term then payment_term_id end
from term
cross join (
  values (1, null::date, false), (2, null, true), (3, '2025-05-05', true), (4, '2024-12-01', false)
) as v (id, due_date, on_term);
select is(
  test.lines(),
  '1 10 2025-01-01, 2.1 10 2025-01-31, 3 10 2025-05-05, 4 10 2024-12-01',
  'a due date before the invoice is allowed'
);
insert into doc.installment (account_id, invoice_id, line_no, due_date, amount)
values (test.account(), 2, 1, '2025-07-01', 4), (test.account(), 2, 2, '2025-08-01', 6);
select is(
  test.lines(),
  '1 10 2025-01-01, 2.1 4 2025-07-01, 2.2 6 2025-08-01, 3 10 2025-05-05, 4 10 2024-12-01',
  'installments stand over the term'
);

call test.open('empty');
insert into ref.payment_term (name) values ('without lines');
insert into doc.invoice (account_id, invoice_id, doc_date, amount, payment_term_id)
select test.account('empty'), 1, '2025-01-01', 10, payment_term_id
from ref.payment_term
where name = 'without lines';
select is(
  test.lines(test.account('empty')), '1 10 2025-01-01', 'a term without lines promises nothing'
);

select * from finish();

rollback;
