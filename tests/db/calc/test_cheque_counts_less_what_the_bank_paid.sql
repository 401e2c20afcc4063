-- A cheque counts at its amount less the approved payments that name it: parts the bank paid.
begin;

select plan(9);

call test.open();

insert into doc.invoice (account_id, invoice_id, doc_date, amount)
values (test.account(), 1, '2025-01-01', 200);
insert into doc.cheque (account_id, cheque_id, doc_date, due_date, amount)
values (test.account(), 21, '2025-01-05', '2025-02-05', 100);
insert into doc.payment (account_id, payment_id, doc_date, amount, cheque_id, status)
values
  (test.account(), 11, '2025-02-06', 30, 21, 'approved'),
  (test.account(), 12, '2025-02-07', 20, 21, 'pending');
select is(test.settled(), '11>1 30 auto, 21>1 70 auto', 'the approved part, not the pending one');

update doc.payment set status = 'approved' where payment_id = 12;
select is(test.settled(), '11>1 30 auto, 12>1 20 auto, 21>1 50 auto', 'once approved, it too');

update doc.payment set amount = 90 where payment_id = 11;
select is(test.settled(), '11>1 90 auto, 12>1 20 auto', 'the bank paid all of it, and more');
select is(
  (select counted_amount from bi.cheque where cheque_id = 21), 0::numeric, 'nothing is left of it'
);

update doc.payment set cheque_id = null where payment_id = 11;
select is(
  test.settled(), '11>1 90 auto, 12>1 20 auto, 21>1 80 auto', 'a payment that names it no more'
);
update doc.cheque set status = 'bounced' where cheque_id = 21;
select is(test.settled(), '11>1 90 auto, 12>1 20 auto', 'a bounce leaves what the bank paid');
select is(
  (select bounced_amount from bi.account where account_id = test.account()),
  80::numeric,
  'what bounced is the rest'
);
delete from doc.payment where payment_id = 12;
select is(
  (select bounced_amount from bi.account where account_id = test.account()),
  100::numeric,
  'the whole, when no part was paid after all'
);

with paid as (
  insert into doc.payment (account_id, payment_id, doc_date, amount, cheque_id)
  values (test.account(), 13, '2025-03-06', 50, 22)
)
insert into doc.cheque (account_id, cheque_id, doc_date, due_date, amount)
values (test.account(), 22, '2025-03-05', '2025-03-05', 50);
select is(
  test.settled(), '11>1 90 auto, 13>1 50 auto', 'one that the bank paid comes with what it paid'
);

select * from finish();

rollback;
