-- One (source, external_id) on two accounts: a document loaded twice?
begin;

select plan(1);

set local rasid.today = '2025-06-15';
call test.open();

call test.open('b');
call test.open('c', p_side => 'payable');
insert into doc.invoice (account_id, invoice_id, doc_date, amount, source, external_id)
values
  (test.account(), 1, '2025-05-01', 1, 'erp', 'x'),
  (test.account('b'), 2, '2025-05-01', 1, 'erp', 'x'),
  (test.account(), 3, '2025-05-01', 2, 'erp', 'y'),
  (test.account('b'), 4, '2025-05-01', 2, 'old', 'y'),
  (test.account(), 5, '2025-05-01', 4, 'erp', null),
  (test.account('b'), 6, '2025-05-01', 4, 'erp', null);
insert into doc.payment (account_id, payment_id, doc_date, amount, source, external_id)
values
  (test.account(), 11, '2025-05-01', 8, 'erp', 'x'),
  (test.account(), 12, '2025-05-01', 8, 'erp', 'z'),
  (test.account('b'), 13, '2025-05-01', 16, 'erp', 'z');
insert into doc.set_off (account_id, set_off_id, set_off_no, doc_date, amount, external_id)
values
  (test.account(), 51, 's', '2025-05-01', 3, 'x'),
  (test.account('c'), 52, 's', '2025-05-01', 3, 'x');
select is(
  test.exceptions('external_id_on_two_accounts'),
  'invoice 1 1, invoice 2 1, payment 12 8, payment 13 16',
  'of one kind and source; the legs of a set-off may'
);

select * from finish();

rollback;
