-- As of a day: the state last entered with a date up to it; cleared_on only if it was by then.
begin;

select plan(13);

call test.open();

insert into doc.invoice (account_id, invoice_id, doc_date, due_date, amount)
values (test.account(), 1, '2025-01-01', '2025-01-31', 100);
insert into doc.cheque (account_id, cheque_id, doc_date, due_date, amount)
values (test.account(), 21, '2025-01-05', '2025-02-01', 100);
update doc.cheque set status = 'deposited', status_date = '2025-02-01';
update doc.cheque set status = 'bounced', status_date = '2025-02-03';
update doc.cheque set status = 'cleared', status_date = '2025-02-20', cleared_on = '2025-02-25';

create function pg_temp.seen(p_day date)
returns text
language sql
as $$
  select concat_ws(
    ' ', i.status, trim_scale(i.open_amount), trim_scale(i.cleared_amount), i.settlement_ras,
    trim_scale(a.bounced_amount), trim_scale(a.uncleared_amount)
  )
  from bi.invoice_as_of(p_day) as i
  join bi.account_as_of(p_day) as a on a.account_id = i.account_id
  where i.account_id = test.account()
$$;
select is(pg_temp.seen('2024-12-31'), null, 'before the invoice: nothing');
select is(pg_temp.seen('2025-01-04'), 'open 100 0 0 0', 'before the cheque was handed over');
select is(pg_temp.seen('2025-01-05'), 'settled 0 0 2025-02-01 0 100', 'in hand');
select is(pg_temp.seen('2025-02-02'), 'settled 0 0 2025-02-01 0 100', 'deposited');
select is(pg_temp.seen('2025-02-03'), 'open 100 0 100 0', 'bounced');
select is(pg_temp.seen('2025-02-19'), 'open 100 0 100 0', 'bounced still');
select is(pg_temp.seen('2025-02-20'), 'settled 0 100 2025-02-01 0 0', 'cleared, no more known');
select is(pg_temp.seen('2025-02-25'), 'settled 0 100 2025-02-25 0 0', 'cleared late, known now');

-- What becomes of it later leaves that day alone.
update doc.cheque set status = 'bounced', status_date = '2025-03-05';
select is(pg_temp.seen('2025-02-25'), 'settled 0 100 2025-02-25 0 0', 'it bounced after all');
update doc.cheque set status = 'cleared', status_date = '2025-03-10';
select is(pg_temp.seen('2025-02-25'), 'settled 0 100 2025-02-25 0 0', 'and cleared once more');
select is(pg_temp.seen('2025-03-10'), 'settled 0 100 2025-03-10 0 0', 'on that day');

-- The last entered counts, not the last dated: the bounce was dated wrong.
update doc.cheque set status = 'bounced', status_date = '2025-02-02';
select is(pg_temp.seen('2025-02-10'), 'open 100 0 100 0', 'bounced');
select is(pg_temp.seen('2025-03-01'), 'open 100 0 100 0', 'in spite of what is dated after it');

select * from finish();

rollback;
