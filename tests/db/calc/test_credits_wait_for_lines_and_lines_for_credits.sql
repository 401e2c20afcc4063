-- Whoever comes later takes from what was left over by then; credits in order (doc_date, id).
begin;

select plan(5);

call test.open();

insert into doc.payment (account_id, payment_id, doc_date, amount)
values
  (test.account(), 11, '2025-01-06', 30),
  (test.account(), 12, '2025-01-05', 30),
  (test.account(), 13, '2025-01-06', 30);
insert into doc.invoice (account_id, invoice_id, doc_date, amount)
values (test.account(), 1, '2025-02-01', 70);
select is(
  test.settled(), '11>1 30 auto, 12>1 30 auto, 13>1 10 auto', 'the oldest money first'
);

insert into doc.invoice (account_id, invoice_id, doc_date, amount)
values (test.account(), 2, '2025-02-02', 50);
select is(
  test.settled(),
  '11>1 30 auto, 12>1 30 auto, 13>1 10 auto, 13>2 20 auto',
  'the rest for the next invoice'
);
insert into doc.payment (account_id, payment_id, doc_date, amount)
values (test.account(), 14, '2025-02-03', 40);
select is(
  (select (open_amount, unapplied_amount)::text from bi.account where account_id = test.account()),
  '(0,10)',
  'what is owed takes what comes, what is left waits again'
);
select is(
  (
    select string_agg(credit_id || ' ' || effective_date, ', ' order by credit_id)
    from bi.allocation
    where account_id = test.account() and invoice_id = 2
  ),
  '13 2025-02-02, 14 2025-02-03',
  'effective on the later of the two dates'
);

call test.open('term');
insert into doc.payment (account_id, payment_id, doc_date, amount)
values (test.account('term'), 21, '2025-01-05', 30);
insert into doc.invoice (account_id, invoice_id, doc_date, amount, payment_term_id)
select test.account('term'), 22, '2025-02-01', 100, test.make_payment_term('{30,0}', '{50,50}');
select is(
  test.settled(test.account('term')), '21>22.2 30 auto', 'the share due first, whatever its number'
);

select * from finish();

rollback;
