-- The approved parts the bank paid of a cheque are more than the cheque.
begin;

select plan(1);

set local rasid.today = '2025-06-15';
call test.open();

insert into doc.cheque (account_id, cheque_id, doc_date, due_date, amount)
values
  (test.account(), 21, '2025-05-01', '2025-05-31', 100),
  (test.account(), 22, '2025-05-01', '2025-05-31', 100);
insert into doc.payment (account_id, payment_id, doc_date, amount, cheque_id, status)
values
  (test.account(), 11, '2025-06-01', 60, 21, 'approved'),
  (test.account(), 12, '2025-06-01', 70, 21, 'approved'),
  (test.account(), 13, '2025-06-01', 100, 22, 'approved'),
  (test.account(), 14, '2025-06-01', 100, 22, 'pending');
select is(test.exceptions('cheque_overpaid'), 'cheque 21 30', 'by as much; the other is just paid');

select * from finish();

rollback;
