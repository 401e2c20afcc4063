-- Money left over on an account on which something was written off.
begin;

select plan(2);

set local rasid.today = '2025-06-15';
call test.open();

call test.open('b');
insert into doc.payment (account_id, payment_id, doc_date, amount, auto_allocate)
values
  (test.account(), 11, '2025-06-01', 10, false),
  (test.account(), 13, '2025-06-01', 7, true),
  (test.account('b'), 12, '2025-06-01', 20, false);
insert into doc.credit_note (account_id, credit_note_id, doc_date, amount)
values (test.account(), 31, '2025-06-02', 5);
insert into doc.invoice (account_id, invoice_id, doc_date, amount)
values (test.account(), 1, '2025-05-01', 10), (test.account('b'), 2, '2025-05-01', 3);
insert into doc.adjustment (account_id, adjustment_id, kind, doc_date, amount, invoice_id)
values
  (test.account(), 41, 'write_off', '2025-06-01', 3, 1),
  (test.account('b'), 42, 'discount', '2025-06-01', 3, 2);
select is(
  test.exceptions('money_beside_write_off'), 'payment 11 10', 'money that is left, not notes'
);
update doc.adjustment set status = 'void' where adjustment_id = 41;
select is(test.exceptions('money_beside_write_off'), '', 'not once it is void');

select * from finish();

rollback;
