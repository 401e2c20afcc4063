-- is_collected: settled, with money, all of it cleared, nothing written off.
begin;

select plan(2);

call test.open();

insert into doc.invoice (account_id, invoice_id, doc_date, amount)
select test.account(), n, '2025-01-01', 100 from generate_series(1, 4) as n;
insert into doc.payment (account_id, payment_id, doc_date, amount)
values
  (test.account(), 11, '2025-01-05', 100),
  (test.account(), 12, '2025-01-05', 50),
  (test.account(), 13, '2025-01-05', 99);
insert into doc.cheque (account_id, cheque_id, doc_date, due_date, amount)
values (test.account(), 21, '2025-01-05', '2025-02-05', 50);
insert into doc.adjustment (account_id, adjustment_id, kind, doc_date, amount, invoice_id)
values
  (test.account(), 41, 'write_off', '2025-01-05', 1, 3),
  (test.account(), 42, 'discount', '2025-01-05', 1, 4);
insert into doc.pin (account_id, payment_id, cheque_id, invoice_id)
values
  (test.account(), 11, null, 1), (test.account(), 12, null, 2), (test.account(), null, 21, 2),
  (test.account(), 13, null, 3);
insert into doc.payment (account_id, payment_id, doc_date, amount)
values (test.account(), 14, '2025-01-05', 98);

prepare collected as
select invoice_id, status, is_collected, paid_amount, cleared_amount, written_off_amount
from bi.invoice
where account_id = test.account()
order by invoice_id;
select results_eq(
  'collected',
  $$
    values
      (1::bigint, 'settled', true, 100::numeric, 100::numeric, 0::numeric),
      (2, 'settled', false, 100, 50, 0),
      (3, 'settled', false, 99, 99, 1),
      (4, 'partial', false, 98, 98, 0)
  $$,
  'by money; by a cheque in hand; with a write-off; not settled'
);
update doc.cheque set status = 'cleared', status_date = '2025-02-06';
insert into doc.payment (account_id, payment_id, doc_date, amount)
values (test.account(), 15, '2025-01-05', 1);
select results_eq(
  'collected',
  $$
    values
      (1::bigint, 'settled', true, 100::numeric, 100::numeric, 0::numeric),
      (2, 'settled', true, 100, 100, 0),
      (3, 'settled', false, 99, 99, 1),
      (4, 'settled', true, 99, 99, 0)
  $$,
  'the cheque was cleared; the discounted one was paid'
);

select * from finish();

rollback;
