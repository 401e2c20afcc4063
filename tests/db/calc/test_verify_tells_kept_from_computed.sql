-- calc.verify() names each row that is kept and not computed, and each that is computed and not kept.
begin;

select plan(8);

call test.open();
call test.open('b');
insert into doc.invoice (account_id, invoice_id, doc_date, amount)
values (test.account(), 1, '2025-01-01', 100), (test.account('b'), 2, '2025-01-01', 100);
insert into doc.payment (account_id, payment_id, doc_date, amount)
values (test.account(), 11, '2025-01-05', 60), (test.account('b'), 12, '2025-01-05', 60);
insert into doc.pin (account_id, payment_id, invoice_id) values (test.account(), 11, 1);
select is_empty('select from calc.verify()', 'nothing differs');

create function pg_temp.found()
returns text
language sql
as $$
  select string_agg(v.kept_in || ' ' || v.is_kept, ', ' order by v.kept_in, v.is_kept)
  from calc.verify(test.account()) v
$$;

savepoint whole;
update calc.line set doc_date = doc_date + 1 where account_id = test.account();
select is(pg_temp.found(), 'calc.line false, calc.line true', 'a line of another day');
rollback to whole;
update calc.credit set is_auto = false where account_id = test.account();
select is(pg_temp.found(), 'calc.credit false, calc.credit true', 'a credit that stands aside');
rollback to whole;
update calc.allocation set amount = 50 where account_id = test.account();
select is(
  pg_temp.found(), 'calc.allocation false, calc.allocation true', 'an allocation of another amount'
);
rollback to whole;
update calc.account set last_credit_turn = 0 where account_id = test.account();
select is(pg_temp.found(), 'calc.account true', 'an account that knows of no credit');
rollback to whole;
update calc.account set last_line_turn = 0 where account_id = test.account();
select is(pg_temp.found(), 'calc.account true', 'an account that knows of no line');
rollback to whole;
update calc.account set has_told = false where account_id = test.account();
select is(pg_temp.found(), 'calc.account true', 'an account that knows of no instruction');
rollback to whole;
delete from calc.account where account_id = test.account();
select is(pg_temp.found(), 'calc.account false', 'an account that is not kept');

select * from finish();

rollback;
