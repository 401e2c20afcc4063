-- A document dated after today counts already, and is listed.
begin;

select plan(1);

set local rasid.today = '2025-06-15';
call test.open();

insert into doc.invoice (account_id, invoice_id, doc_date, amount, status)
values
  (test.account(), 1, '2025-06-16', 1, 'active'),
  (test.account(), 2, '2025-06-15', 1, 'active'),
  (test.account(), 3, '2025-06-16', 1, 'void');
insert into doc.payment (account_id, payment_id, doc_date, amount, status)
values
  (test.account(), 11, '2025-06-16', 2, 'approved'),
  (test.account(), 12, '2025-06-15', 2, 'approved'),
  (test.account(), 13, '2025-06-16', 2, 'pending');
insert into doc.cheque (account_id, cheque_id, doc_date, due_date, amount)
values
  (test.account(), 21, '2025-06-16', '2025-08-01', 4),
  (test.account(), 22, '2025-06-15', '2025-08-01', 4);
insert into doc.adjustment (account_id, adjustment_id, doc_date, amount)
values (test.account(), 41, '2025-07-16', 8);
select is(
  test.exceptions('dated_after_today'),
  'invoice 1 1, payment 11 2, cheque 21 4, adjustment 41 8',
  'tomorrow, not today; not what does not count'
);

select * from finish();

rollback;
