-- A rebuilt account knows what comes last, as one that was kept from the beginning.
begin;

select plan(4);

call test.open();
call test.open('late');
call test.open('due', 'fifo_due');
insert into doc.invoice (account_id, invoice_id, doc_date, due_date, amount)
values
  (test.account(), 1, '2025-01-01', '2025-01-01', 100),
  (test.account('late'), 2, '2025-01-01', '2025-01-01', 100),
  (test.account('late'), 3, '2025-03-01', '2025-03-01', 100),
  (test.account('due'), 4, '2025-01-01', '2025-06-01', 100);
insert into doc.payment (account_id, payment_id, doc_date, amount)
values
  (test.account(), 11, '2025-02-01', 60),
  (test.account(), 12, '2025-04-01', 60),
  (test.account('due'), 14, '2025-02-01', 40);
do $$
begin
  perform calc.rebuild();
end
$$;

insert into doc.payment (account_id, payment_id, doc_date, amount)
values (test.account(), 13, '2025-03-01', 60);
select is(test.settled(), '11>1 60 auto, 13>1 40 auto', 'a payment before the last one');

insert into doc.payment (account_id, payment_id, doc_date, amount)
values (test.account('late'), 15, '2025-02-01', 150);
select is(
  (
    select string_agg(a.invoice_id || ' ' || a.effective_date, ', ' order by a.invoice_id)
    from bi.allocation as a
    where a.credit_id = 15
  ),
  '2 2025-02-01, 3 2025-03-01',
  'a payment before the last invoice'
);

insert into doc.invoice (account_id, invoice_id, doc_date, due_date, amount)
values (test.account('due'), 16, '2025-02-01', '2025-02-01', 30);
select is(
  test.settled(test.account('due')), '14>4 10 auto, 14>16 30 auto',
  'an invoice of the day of the last payment'
);

select is_empty('select * from calc.verify()', 'and the figures follow from the documents');

select * from finish();

rollback;
