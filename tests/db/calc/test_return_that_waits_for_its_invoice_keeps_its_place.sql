-- Left-over credits are taken in order of (doc_date, id), from those whose turn has come.
begin;

select plan(2);

create temporary table given as select test.make_account() as account_id;

insert into doc.payment (account_id, doc_no, doc_date, amount)
select account_id, 'first', '2025-01-01', 100 from given;
insert into doc.invoice (account_id, doc_no, doc_date, amount)
select account_id, 'returned', '2025-01-11', 100 from given;
insert into doc.payment (account_id, doc_no, doc_date, amount)
select account_id, 'second', '2025-01-10', 50 from given;
insert into doc.credit_note (account_id, doc_no, kind, doc_date, amount, invoice_id)
select account_id, 'return', 'return', '2025-01-06', 50, invoice_id
from given
join doc.invoice using (account_id);
insert into doc.invoice (account_id, doc_no, doc_date, amount)
select account_id, 'new', '2025-01-11', 50 from given;

select results_eq(
  $$select credit_no from bi.allocation natural join given where invoice_no = 'new'$$,
  $$values ('second')$$,
  'a new invoice of the day takes the payment: the return''s turn comes after the invoices'''
);
select is_empty('select * from calc.verify()', 'and the figures follow from the documents');

select * from finish();
rollback;
