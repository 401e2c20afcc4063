-- Several documents that one statement adds after all others settle in the order of their days, not
-- in that of its rows, as far as they reach.
begin;

select plan(5);

call test.open();
insert into doc.payment (account_id, payment_id, doc_date, amount, auto_allocate)
values (test.account(), 11, '2025-01-02', 10, false), (test.account(), 12, '2025-01-03', 30, true);
insert into doc.invoice (account_id, invoice_id, doc_date, amount)
values (test.account(), 2, '2025-02-02', 20), (test.account(), 1, '2025-02-01', 20);
select is(
  test.settled(), '12>1 20 auto, 12>2 10 auto',
  'invoices: the first takes what waits, but not what is kept for something'
);

call test.open('many');
insert into doc.invoice (account_id, invoice_id, doc_date, amount)
select test.account('many'), 100 + n, date '2025-01-01' + n, 10 from generate_series(1, 100) n;
insert into doc.payment (account_id, payment_id, doc_date, amount)
values (test.account('many'), 22, '2025-06-02', 400), (test.account('many'), 21, '2025-06-01', 365);
select results_eq(
  $$
    select a.credit_id, count(*), min(a.invoice_id), max(a.invoice_id)
    from bi.allocation as a
    where a.account_id = test.account('many')
    group by a.credit_id
    order by a.credit_id
  $$,
  $$values (21::bigint, 37::bigint, 101::bigint, 137::bigint), (22, 41, 137, 177)$$,
  'payments: many invoices, one after the other'
);

call test.open('manual', 'manual');
insert into doc.invoice (account_id, invoice_id, doc_date, amount)
values (test.account('manual'), 3, '2025-01-01', 10);
insert into doc.payment (account_id, payment_id, doc_date, amount)
values (test.account('manual'), 31, '2025-01-02', 5), (test.account('manual'), 32, '2025-01-02', 5);
select is(test.settled(test.account('manual')), '', 'nothing by itself where all has to be told');

-- Two that a note settles in part, no money: the payment entered after them still comes before them.
call test.open('noted');
insert into doc.credit_note (account_id, credit_note_id, doc_date, amount)
values (test.account('noted'), 41, '2025-01-01', 5);
insert into doc.invoice (account_id, invoice_id, doc_date, amount)
values (test.account('noted'), 4, '2025-02-01', 10), (test.account('noted'), 5, '2025-02-02', 10);
insert into doc.payment (account_id, payment_id, doc_date, amount)
values (test.account('noted'), 42, '2025-01-15', 10);
select is(
  (
    select string_agg(a.invoice_id || ' ' || a.turn_on, ', ' order by a.invoice_id)
    from calc.allocation as a
    where a.account_id = test.account('noted') and a.credit_id = 42
  ),
  '4 2025-02-01, 5 2025-02-02',
  'what is dated before them waits for them'
);

select is_empty('select * from calc.verify()', 'and the figures follow from the documents');

select * from finish();

rollback;
