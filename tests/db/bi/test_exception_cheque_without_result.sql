-- A cheque past due of which nothing was heard.
begin;

select plan(1);

set local rasid.today = '2025-06-15';
call test.open();

insert into doc.cheque (account_id, cheque_id, kind, doc_date, due_date, amount, status)
values
  (test.account(), 21, 'payment', '2025-05-01', '2025-06-14', 1, 'in_hand'),
  (test.account(), 22, 'payment', '2025-05-01', '2025-06-15', 1, 'in_hand'),
  (test.account(), 23, 'payment', '2025-05-01', '2025-06-01', 2, 'deposited'),
  (test.account(), 24, 'payment', '2025-05-01', '2025-06-01', 4, 'endorsed'),
  (test.account(), 25, 'payment', '2025-05-01', '2025-06-01', 8, 'submitted'),
  (test.account(), 26, 'payment', '2025-05-01', '2025-06-01', 16, 'cleared'),
  (test.account(), 27, 'payment', '2025-05-01', '2025-06-01', 16, 'bounced'),
  (test.account(), 28, 'payment', '2025-05-01', '2025-06-01', 16, 'returned'),
  (test.account(), 29, 'guarantee', '2025-05-01', '2025-06-01', 16, 'in_hand');
select is(
  test.exceptions('cheque_without_result'),
  'cheque 21 1, cheque 23 2, cheque 24 4, cheque 25 8',
  'due yesterday, not today; a guarantee is not to be cashed'
);

select * from finish();

rollback;
