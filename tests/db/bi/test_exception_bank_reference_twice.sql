-- One bank reference on several payments that count or wait.
begin;

select plan(1);

set local rasid.today = '2025-06-15';
call test.open();

call test.open('b');
insert into doc.payment (account_id, payment_id, doc_date, amount, bank_reference, status)
values
  (test.account(), 11, '2025-06-01', 1, 'r1', 'approved'),
  (test.account('b'), 12, '2025-06-02', 2, 'r1', 'pending'),
  (test.account(), 13, '2025-06-01', 4, 'r2', 'approved'),
  (test.account(), 14, '2025-06-01', 8, 'r2', 'rejected'),
  (test.account(), 15, '2025-06-01', 16, null, 'approved'),
  (test.account(), 16, '2025-06-01', 32, null, 'approved');
select is(
  test.exceptions('bank_reference_twice'), 'payment 11 1, payment 12 2', 'on any two accounts'
);

select * from finish();

rollback;
