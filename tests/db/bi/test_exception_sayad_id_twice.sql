-- One Sayad id on several live cheques of one side.
begin;

select plan(1);

set local rasid.today = '2025-06-15';
call test.open();

call test.open('b');
call test.open('c', p_side => 'payable');
insert into doc.cheque (account_id, cheque_id, sayad_id, doc_date, due_date, amount, status)
values
  (test.account(), 21, '1111111111111111', '2025-05-01', '2025-08-01', 1, 'in_hand'),
  (test.account('b'), 22, '1111111111111111', '2025-05-01', '2025-08-01', 1, 'cleared'),
  (test.account(), 23, '2222222222222222', '2025-05-01', '2025-08-01', 2, 'in_hand'),
  (test.account('b'), 24, '2222222222222222', '2025-05-01', '2025-08-01', 2, 'returned'),
  (test.account(), 25, '3333333333333333', '2025-05-01', '2025-08-01', 4, 'endorsed'),
  (test.account('c'), 26, '3333333333333333', '2025-05-01', '2025-08-01', 4, 'in_hand'),
  (test.account(), 27, null, '2025-05-01', '2025-08-01', 8, 'in_hand'),
  (test.account(), 28, null, '2025-05-01', '2025-08-01', 8, 'in_hand');
select is(
  test.exceptions('sayad_id_twice'),
  'cheque 21 1, cheque 22 1',
  'not one that was handed back, nor one that was endorsed to a supplier'
);

select * from finish();

rollback;
