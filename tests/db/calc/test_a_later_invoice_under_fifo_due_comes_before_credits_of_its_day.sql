-- An invoice's turn comes before the credits of its day, in whatever order they were entered.
begin;

select plan(3);

create temporary table given as select test.make_account(p_policy => 'fifo_due') as account_id;

insert into doc.invoice (account_id, doc_no, doc_date, due_date, amount)
select account_id, 'long', '2025-01-01', '2025-06-01', 100 from given;
insert into doc.payment (account_id, doc_date, amount)
select account_id, '2025-02-01', 40 from given;
insert into doc.invoice (account_id, doc_no, doc_date, due_date, amount)
select account_id, 'short', '2025-02-01', '2025-02-01', 30 from given;

select results_eq(
  'select invoice_no, amount from bi.allocation natural join given order by 1',
  $$values ('long', 10::numeric), ('short', 30)$$,
  'the payment of that day goes first to the invoice due first, though it was entered before it'
);

insert into doc.invoice (account_id, doc_no, doc_date, due_date, amount)
select account_id, 'next', '2025-02-02', '2025-02-02', 5 from given;
select is(
  (select status from bi.invoice natural join given where doc_no = 'next'),
  'open',
  'an invoice of the day after finds the payment used up'
);
select is_empty('select * from calc.verify()', 'and the figures follow from the documents');

select * from finish();
rollback;
