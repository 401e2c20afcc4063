-- Beside each allocation stands the number of its credit, of whatever kind: of a cheque the serial
-- number, or else the Sayad id.
begin;

select plan(1);

call test.open();

insert into doc.invoice (account_id, invoice_id, doc_no, doc_date, amount)
values (test.account(), 1, 'I-1', '2025-01-01', 110);
insert into doc.payment (account_id, payment_id, doc_no, doc_date, amount)
values (test.account(), 11, 'P-1', '2025-01-05', 10), (test.account(), 12, 'P-2', '2025-01-05', 10);
insert into doc.cheque (account_id, cheque_id, serial_no, sayad_id, doc_date, due_date, amount)
values
  (test.account(), 21, 'C-1', '1000000000000021', '2025-01-05', '2025-02-05', 10),
  (test.account(), 22, null, '1000000000000022', '2025-01-05', '2025-02-05', 10);
insert into doc.set_off (account_id, set_off_id, set_off_no, doc_date, amount)
values (test.account(), 31, 'S-1', '2025-01-05', 10), (test.account(), 32, 'S-2', '2025-01-05', 10);
insert into doc.credit_note (account_id, credit_note_id, doc_no, doc_date, amount)
values (test.account(), 41, 'N-1', '2025-01-05', 10), (test.account(), 42, 'N-2', '2025-01-05', 10);
insert into doc.adjustment (account_id, adjustment_id, kind, doc_no, doc_date, amount)
values
  (test.account(), 51, 'discount', 'D-1', '2025-01-05', 10),
  (test.account(), 52, 'discount', null, '2025-01-05', 10);

select results_eq(
  $$
    select credit_id, credit_no
    from bi.allocation
    where account_id = test.account()
    order by credit_id
  $$,
  $$
    values (11::bigint, 'P-1'), (12, 'P-2'), (21, 'C-1'), (22, '1000000000000022'), (31, 'S-1'),
      (32, 'S-2'), (41, 'N-1'), (42, 'N-2'), (51, 'D-1'), (52, null)
  $$,
  'each once, by its own'
);

select * from finish();

rollback;
