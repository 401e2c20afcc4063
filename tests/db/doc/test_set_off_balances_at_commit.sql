-- The active legs of a set-off: receivable = payable in each currency, and on one day, at commit.
begin;

select plan(21);

create temporary table given as
select
  test.make_account('receivable') as receivable_id,
  test.make_account('payable') as payable_id,
  test.make_account('receivable') as other_receivable_id,
  test.make_account('payable', 'USD') as dollar_payable_id,
  test.make_account('receivable', 'USD') as dollar_receivable_id;

create function pg_temp.leg(
  p_account text,
  p_amount numeric,
  p_no text default '1',
  p_day date default '2025-01-01',
  p_status text default 'active',
  p_source text default 'manual'
)
returns text
language sql
as $$
  select format(
    'insert into doc.set_off (account_id, amount, set_off_no, doc_date, status, source)
     select %I, %L, %L, %L, %L, %L from given;',
    p_account || '_id', p_amount, p_no, p_day, p_status, p_source
  )
$$;

select test.refused(
  pg_temp.leg('receivable', 100), 'RS007', 'set_off_balances', 'one leg alone'
);
select test.refused(
  pg_temp.leg('receivable', 100) || pg_temp.leg('payable', 99.99),
  'RS007', 'set_off_balances', 'legs that differ'
);
select test.refused(
  pg_temp.leg('receivable', 100) || pg_temp.leg('payable', 100, '2'),
  'RS007', 'set_off_balances', 'legs of two numbers'
);
select test.refused(
  pg_temp.leg('receivable', 100) || pg_temp.leg('payable', 100, p_source => 'erp'),
  'RS007', 'set_off_balances', 'legs of two sources'
);
select test.refused(
  pg_temp.leg('receivable', 100) || pg_temp.leg('dollar_payable', 100),
  'RS007', 'set_off_balances', 'legs in two currencies'
);
select test.refused(
  pg_temp.leg('receivable', 100) || pg_temp.leg('payable', 100, p_day => '2025-01-02'),
  'RS008', 'set_off_on_one_day', 'legs on two days'
);
select test.refused(
  pg_temp.leg('receivable', 100) || pg_temp.leg('payable', 100, p_status => 'void'),
  'RS007', 'set_off_balances', 'a void leg does not count'
);

select test.accepted(pg_temp.leg('receivable', 1, p_status => 'void'), 'nor does it need another');
select test.accepted(
  pg_temp.leg('receivable', 60) || pg_temp.leg('other_receivable', 40) || pg_temp.leg('payable', 100),
  'any number of parties'
);
select test.accepted(
  pg_temp.leg('dollar_receivable', 5) || pg_temp.leg('dollar_payable', 5),
  'the same number in another currency'
);
select test.refused(
  'update doc.set_off set amount = 61 where amount = 60', 'RS007', 'set_off_balances',
  'one changed'
);
select test.refused(
  'update doc.set_off set status = ''void'' where amount = 60', 'RS007', 'set_off_balances',
  'one made void'
);
select test.refused(
  'delete from doc.set_off where amount = 60', 'RS007', 'set_off_balances', 'one deleted'
);
select test.refused(
  'update doc.set_off set account_id = payable_id from given where amount = 60',
  'RS007', 'set_off_balances', 'one moved to the other side'
);
select test.accepted(
  $$
    update doc.set_off set account_id = receivable_id from given where amount = 40;
    update doc.set_off set amount = 50 where amount in (40, 60);
    update doc.set_off set set_off_no = '9', doc_date = '2025-01-05', note = 'x'
  $$,
  'all changed together'
);
select test.accepted('delete from doc.set_off', 'all deleted');

-- What is checked early, or rolled back to a savepoint, is checked as it stands then.
select test.accepted(
  'set constraints all immediate; ' || pg_temp.leg('receivable', 1, p_status => 'void')
  || 'set constraints all deferred; '
  || pg_temp.leg('receivable', 100) || pg_temp.leg('payable', 100)
  || 'set constraints all immediate; set constraints all deferred; '
  || pg_temp.leg('receivable', 5) || pg_temp.leg('payable', 5),
  'checked in between, and again'
);
select test.refused(
  pg_temp.leg('receivable', 100, '3') || pg_temp.leg('payable', 100, '3')
  || 'set constraints all immediate; set constraints all deferred; '
  || pg_temp.leg('receivable', 100, '3'),
  'RS007', 'set_off_balances', 'a leg written after an early check'
);
select test.refused(
  'set constraints all immediate; ' || pg_temp.leg('receivable', 100, '4'),
  'RS007', 'set_off_balances', 'at the end of the statement, when told so'
);
select test.accepted(
  'set constraints all deferred; ' || pg_temp.leg('receivable', 100, '5')
  || 'do $do$ begin begin '
  || 'insert into doc.set_off (account_id, amount, set_off_no, doc_date)'
  || ' select receivable_id, 7, ''5'', ''2025-01-01'' from given;'
  || ' raise exception ''undone''; exception when others then null; end; end $do$;'
  || pg_temp.leg('payable', 100, '5'),
  'a leg that was undone does not count'
);
select is_empty('select * from calc.set_off_touched', 'nothing is left on the list');

select * from finish();

rollback;
