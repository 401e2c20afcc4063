-- calc.rebuild() brings one account back to what its documents say, whatever is kept of it.
begin;

select plan(5);

call test.open();
call test.open('other', 'manual');
insert into doc.invoice (account_id, invoice_id, doc_date, amount)
values (test.account('other'), 3, '2025-05-01', 100);
insert into doc.invoice (account_id, invoice_id, doc_date, amount)
values (test.account(), 1, '2025-01-01', 100), (test.account(), 2, '2025-02-01', 50);
insert into doc.payment (account_id, payment_id, doc_date, amount)
values (test.account(), 11, '2025-01-05', 60), (test.account(), 12, '2025-02-05', 50);
insert into doc.pin (account_id, payment_id, invoice_id) values (test.account(), 11, 1);

update calc.account
set
  policy = 'manual',
  has_told = false,
  last_line_turn = 0,
  last_credit_turn = 0,
  paid_amount = 1,
  settlement_money_days = 1
where account_id = test.account();
select calc.rebuild(test.account()) is null as done into temporary table rebuilt;
select is_empty('select from calc.verify()', 'what the account knows of itself');

update calc.allocation set amount = 50 where credit_id = 11;
delete from calc.allocation where credit_id = 12;
update calc.credit set is_auto = false where credit_id = 11;
delete from calc.credit where credit_id = 12;
delete from calc.line where invoice_id = 2;
update calc.line set doc_date = '2025-03-01' where invoice_id = 1;
delete from calc.dirty;
insert into rebuilt select calc.rebuild(test.account()) is null;
select is_empty('select from calc.verify()', 'rows that are wrong, or missing beside others');
select results_eq(
  'select month from calc.dirty order by month',
  $$values ('2025-01-01'::date), ('2025-02-01'), ('2025-03-01')$$,
  'the months are marked, those of what was kept too'
);

delete from calc.allocation where account_id = test.account();
delete from calc.credit where account_id = test.account();
delete from calc.line where account_id = test.account();
insert into rebuilt select calc.rebuild(test.account()) is null;
select is_empty('select from calc.verify()', 'an account of which nothing is kept');

call test.open('b');
insert into doc.payment (account_id, payment_id, doc_date, amount)
values (test.account('b'), 13, '2025-01-05', 60);
update calc.account set paid_amount = 1
where account_id in (test.account('b'), test.account('other'));
insert into rebuilt
select calc.rebuild(test.account(n)) is null from unnest('{b,other}'::text[]) n;
select is(
  (
    select sum(a.paid_amount) from calc.account as a
    where a.account_id in (test.account('b'), test.account('other'))
  ),
  0::numeric,
  'one that has credits and no line, or no credit'
);

select * from finish();

rollback;
