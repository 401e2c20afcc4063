-- When an invoice moves to another account its installments do too.
begin;

select plan(4);

create temporary table given as
select a.account_id, test.make_invoice(a.account_id) as invoice_id, test.make_account() as other_account_id
from test.make_account() as a (account_id);
insert into doc.installment (account_id, invoice_id, line_no, due_date, amount)
select account_id, invoice_id, n, '2025-02-01', 50 from given, generate_series(1, 2) as n;

select test.accepted(
  'update doc.invoice set account_id = other_account_id from given where invoice.invoice_id = given.invoice_id',
  'moved'
);
select is(
  (select count(*) from doc.installment as i join given on i.account_id = other_account_id),
  2::bigint,
  'with both'
);
select test.refused(
  'update doc.installment as i set account_id = g.account_id from given as g where i.line_no = 1',
  '23503', 'installment_invoice_fkey', 'one alone does not move'
);
select test.accepted(
  'delete from doc.invoice using given where invoice.invoice_id = given.invoice_id',
  'deleted'
);

select * from finish();

rollback;
