-- A due date before its document.
begin;

select plan(1);

set local rasid.today = '2025-06-15';
call test.open();

insert into doc.invoice (account_id, invoice_id, doc_date, due_date, amount, status)
values
  (test.account(), 1, '2025-05-02', '2025-05-01', 100, 'active'),
  (test.account(), 2, '2025-05-02', '2025-05-02', 100, 'active'),
  (test.account(), 3, '2025-05-02', '2025-05-01', 100, 'void'),
  (test.account(), 4, '2025-05-02', null, 100, 'active');
insert into doc.installment (account_id, installment_id, invoice_id, line_no, due_date, amount)
values
  (test.account(), 71, 4, 1, '2025-05-01', 40), (test.account(), 72, 4, 2, '2025-06-01', 60);
insert into doc.cheque (account_id, cheque_id, doc_date, due_date, amount, status)
values
  (test.account(), 81, '2025-05-02', '2025-05-01', 10, 'in_hand'),
  (test.account(), 82, '2025-05-02', '2025-05-02', 10, 'in_hand'),
  (test.account(), 83, '2025-05-02', '2025-05-01', 10, 'void');
select is(
  test.exceptions('due_before_document'),
  'invoice 1 100, installment 71 40, cheque 81 10',
  'invoices, installments, cheques; not the void'
);

select * from finish();

rollback;
