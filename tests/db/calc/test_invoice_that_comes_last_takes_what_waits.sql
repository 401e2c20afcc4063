-- An invoice entered after every document of its account is allocated as a replay would do it.
begin;

select plan(6);

set local rasid.today = '2025-03-01';
call test.open();

insert into doc.payment (account_id, payment_id, doc_date, amount, auto_allocate)
values (test.account(), 11, '2025-01-02', 10, false), (test.account(), 12, '2025-01-03', 30, true);
insert into doc.cheque (account_id, cheque_id, doc_date, due_date, amount)
values (test.account(), 13, '2025-01-04', '2025-02-20', 20);
insert into doc.credit_note (account_id, credit_note_id, kind, doc_date, amount)
values (test.account(), 14, 'return', '2025-01-05', 5);
insert into doc.adjustment (account_id, adjustment_id, kind, doc_date, amount)
values
  (test.account(), 15, 'write_off', '2025-01-06', 7),
  (test.account(), 16, 'discount', '2025-01-07', 8);
insert into doc.invoice (account_id, invoice_id, doc_date, due_date, amount)
values (test.account(), 1, '2025-02-01', '2025-02-10', 100);

select is(
  test.settled(),
  '12>1 30 auto, 13>1 20 auto, 14>1 5 auto, 15>1 7 auto, 16>1 8 auto',
  'all that waits but what is kept for something'
);
select is(
  (
    select
      (
        credited_amount, written_off_amount, paid_amount, cleared_amount, settlement_ras,
        committed_ras
      )::text
    from bi.invoice
    where account_id = test.account() and invoice_id = 1
  ),
  -- (30·(−29) + 20·19) / 50 = −9.8 days from the invoice
  '(20,7,50,30,2025-01-22,2025-02-10)',
  'each as what it is'
);
insert into doc.invoice (account_id, invoice_id, doc_date, amount, auto_allocate)
values (test.account(), 2, '2025-02-03', 60, false);
insert into doc.payment (account_id, payment_id, doc_date, amount)
values (test.account(), 17, '2025-02-04', 50);
insert into doc.invoice (account_id, invoice_id, doc_date, amount, auto_allocate)
values (test.account(), 3, '2025-02-05', 60, false);
select is(
  (
    select string_agg(open_amount::text, ', ' order by invoice_id)
    from bi.invoice
    where account_id = test.account()
  ),
  '0, 60, 60',
  'a disputed one takes nothing'
);

call test.open('manual', 'manual');
insert into doc.payment (account_id, payment_id, doc_date, amount)
values (test.account('manual'), 21, '2025-01-01', 50);
insert into doc.invoice (account_id, invoice_id, doc_date, amount)
values (test.account('manual'), 22, '2025-01-02', 50);
select is(test.settled(test.account('manual')), '', 'nor one that is settled by hand');

-- The money came a day after the invoice that is entered after it.
call test.open('late');
insert into doc.payment (account_id, payment_id, doc_date, amount)
values (test.account('late'), 31, '2025-01-02', 50);
insert into doc.invoice (account_id, invoice_id, doc_date, amount)
values (test.account('late'), 32, '2025-01-01', 50);
select is(test.settled(test.account('late')), '31>32 50 auto', 'on the day it came');

call test.open('opening');
insert into doc.payment (account_id, payment_id, doc_date, amount)
values (test.account('opening'), 41, '2025-01-01', 50);
insert into doc.invoice (account_id, invoice_id, kind, doc_date, amount)
values (test.account('opening'), 42, 'opening', '2025-01-11', 50);
select is_empty('select from calc.verify()', 'all as it is computed from nothing');

select * from finish();

rollback;
