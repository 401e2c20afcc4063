-- Of several documents that one statement changes, all follows anew from the first of their days.
begin;

select plan(8);

call test.open();

insert into doc.invoice (account_id, invoice_id, doc_date, amount)
values
  (test.account(), 1, '2025-01-01', 100),
  (test.account(), 2, '2025-01-02', 100),
  (test.account(), 3, '2025-01-08', 100);
insert into doc.payment (account_id, payment_id, doc_date, amount)
values
  (test.account(), 11, '2025-01-03', 100),
  (test.account(), 12, '2025-01-04', 50),
  (test.account(), 13, '2025-01-09', 60);
select is(
  test.settled(), '11>1 100 auto, 12>2 50 auto, 13>2 50 auto, 13>3 10 auto', 'in their turns'
);

update doc.invoice set status = 'void' where account_id = test.account() and invoice_id in (1, 3);
select is(test.settled(), '11>2 100 auto', 'without the first and the last invoice');

update doc.invoice set status = 'active' where account_id = test.account();
select is(
  test.settled(), '11>1 100 auto, 12>2 50 auto, 13>2 50 auto, 13>3 10 auto', 'with them again'
);

update doc.payment set status = 'void' where account_id = test.account() and payment_id in (11, 13);
select is(test.settled(), '12>1 50 auto', 'without the first and the last payment');

update doc.payment set status = 'approved' where account_id = test.account();
select is(
  test.settled(), '11>1 100 auto, 12>2 50 auto, 13>2 50 auto, 13>3 10 auto', 'with them again'
);
select is_empty('select from calc.verify()', 'all as it is computed from nothing');

-- What is as it was lies where it lay.
create temporary table lay as
select invoice_id, credit_id, amount, ctid as place
from calc.allocation
where account_id = test.account();
update doc.payment set amount = 55 where account_id = test.account() and payment_id = 13;
select results_eq(
  $$
    select invoice_id, credit_id
    from calc.allocation a
    where account_id = test.account()
      and not exists (select from lay l where l.place = a.ctid)
  $$,
  'values (3::bigint, 13::bigint)',
  'only what is given otherwise is written again'
);
select is(
  calc.bring_turns(test.account(), '2025-01-08', false, '{}'),
  2::bigint,
  'told how many turns were taken: what waited from before takes none'
);

select * from finish();

rollback;
