-- Ids given by hand may stand in two tables as long as only one of the two documents counts.
begin;

select plan(2);

create temporary table given as select test.make_account() as account_id;
create temporary table made as
select test.make_invoice(account_id, p_doc_date => '2025-01-01') as first_id from given;
insert into doc.invoice (account_id, doc_no, doc_date, amount)
select account_id, 'pinned', '2025-01-02', 100 from given;
insert into doc.payment (account_id, payment_id, doc_date, amount, status)
select account_id, 9000001, '2025-01-03', 100, 'void' from given;
insert into doc.pin (account_id, payment_id, invoice_id)
select account_id, 9000001, invoice_id
from given
join doc.invoice using (account_id)
where doc_no = 'pinned';
insert into doc.cheque (account_id, cheque_id, doc_date, due_date, amount)
select account_id, 9000001, '2025-01-03', '2025-02-03', 10 from given;

select results_eq(
  'select invoice_id, reason from bi.allocation natural join given',
  $$select first_id, 'auto' from made$$,
  'the pin of the void payment does not tell the cheque'
);
select is_empty('select * from calc.verify()', 'and the figures follow from the documents');

select * from finish();
rollback;
