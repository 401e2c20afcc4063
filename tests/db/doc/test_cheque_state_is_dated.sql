-- A change of state whose statement does not name status_date is dated today, however it is written.
begin;

select plan(20);

set local rasid.today = '2025-03-15';

create temporary table given as
select n.name, a.account_id, test.make_cheque(a.account_id, p_doc_date => '2025-01-01') as cheque_id
from test.make_account() as a (account_id)
cross join unnest('{a,b,c,d,e,f}'::text[]) as n (name);

create function pg_temp.dated(p_name text)
returns text
language sql
as $$
  select c.status || ' ' || c.status_date
  from doc.cheque as c
  join given as g using (cheque_id)
  where g.name = p_name
$$;

create function pg_temp.id(p_name text)
returns bigint
language sql
as $$
  select cheque_id from given where name = p_name
$$;

select is(pg_temp.dated('a'), 'in_hand 2025-01-01', 'a new cheque is dated by its hand-over');

create temporary table other as
select test.make_cheque(account_id, p_status => 'bounced', p_status_date => '2025-02-20') as cheque_id
from given
where name = 'a';
select is(
  (select status_date from doc.cheque natural join other), '2025-02-20'::ref.day,
  'or as it says'
);

update doc.cheque set status = 'deposited' where cheque_id = pg_temp.id('a');
select is(pg_temp.dated('a'), 'deposited 2025-03-15', 'a change of state is dated today');

update doc.cheque
set status = 'bounced', status_date = '2025-03-10'
where cheque_id = pg_temp.id('a');
select is(pg_temp.dated('a'), 'bounced 2025-03-10', 'or as it says');

update doc.cheque
set status = 'deposited', status_date = '2025-03-10'
where cheque_id = pg_temp.id('a');
select is(pg_temp.dated('a'), 'deposited 2025-03-10', 'even when it says the day it had');

update doc.cheque set status = 'bounced', status_date = null where cheque_id = pg_temp.id('a');
select is(pg_temp.dated('a'), 'bounced 2025-03-15', 'a null is as good as none');

update doc.cheque set note = 'called' where cheque_id = pg_temp.id('b');
update doc.cheque set status = 'in_hand' where cheque_id = pg_temp.id('b');
select is(pg_temp.dated('b'), 'in_hand 2025-01-01', 'no change of state, no other day');

update doc.cheque set status_date = '2025-01-05' where cheque_id = pg_temp.id('b');
select is(pg_temp.dated('b'), 'in_hand 2025-01-05', 'the day can be put right by itself');

select test.refused(
  $$update doc.cheque set status_date = null where cheque_id = pg_temp.id('b')$$,
  '23502', null, 'but not taken away'
);

-- One statement, two updates of the table: each says for itself.
with said as (
  update doc.cheque
  set status = 'cleared', status_date = '2025-01-01'
  where cheque_id = pg_temp.id('c')
  returning account_id
)
update doc.cheque as c
set status = 'deposited'
from said
where c.cheque_id = pg_temp.id('d');
select is(pg_temp.dated('c'), 'cleared 2025-01-01', 'writable CTE: the part that names the day');
select is(pg_temp.dated('d'), 'deposited 2025-03-15', 'and the part that does not');

merge into doc.cheque as c
using (select pg_temp.id('e') as cheque_id) as n on c.cheque_id = n.cheque_id
when matched then update set status = 'deposited';
select is(pg_temp.dated('e'), 'deposited 2025-03-15', 'MERGE that does not name it');

merge into doc.cheque as c
using (select pg_temp.id('e') as cheque_id) as n on c.cheque_id = n.cheque_id
when matched then update set status = 'in_hand', status_date = '2025-03-15';
select is(pg_temp.dated('e'), 'in_hand 2025-03-15', 'MERGE that names it');

set local rasid.today = '2025-03-20';
insert into doc.cheque as c (account_id, cheque_id, amount, doc_date, due_date)
select account_id, cheque_id, 100, '2025-01-01', '2025-02-01'
from given
where name = 'e'
on conflict (account_id, cheque_id) do update set status = 'deposited';
select is(pg_temp.dated('e'), 'deposited 2025-03-20', 'ON CONFLICT that does not name it');

insert into doc.cheque as c (account_id, cheque_id, amount, doc_date, due_date, status_date)
select account_id, cheque_id, 100, '2025-01-01', '2025-02-01', '2025-03-20'
from given
where name = 'e'
on conflict (account_id, cheque_id) do update
set status = 'bounced', status_date = excluded.status_date;
select is(pg_temp.dated('e'), 'bounced 2025-03-20', 'ON CONFLICT that names it');

set local rasid.today = '2025-03-21';
update doc.cheque set status = 'deposited' where cheque_id in (pg_temp.id('e'), pg_temp.id('f'));
select is(
  pg_temp.dated('e') || ', ' || pg_temp.dated('f'),
  'deposited 2025-03-21, deposited 2025-03-21',
  'many at once'
);

-- A state and an account at once.
create temporary table target as select test.make_account() as account_id;
update doc.cheque
set account_id = target.account_id, status = 'cleared'
from target
where cheque_id = pg_temp.id('f');
select is(pg_temp.dated('f'), 'cleared 2025-03-21', 'on its way to another account');

select test.refused(
  $$update doc.cheque set status = 'bounced', status_date = 'infinity' where cheque_id = pg_temp.id('f')$$,
  '23514', 'day_in_calendar', 'a day is a day of the calendar'
);

set local rasid.today = '2025-03-22';
update doc.cheque set status = 'bounced' where cheque_id = pg_temp.id('f');
update doc.cheque set status = 'deposited', status_date = default where cheque_id = pg_temp.id('f');
select is(pg_temp.dated('f'), 'deposited 2025-03-22', 'default is as good as none');

prepare change (date) as
update doc.cheque set status = 'cleared', status_date = $1 where cheque_id = pg_temp.id('f');
execute change ('2025-03-22');
select is(pg_temp.dated('f'), 'cleared 2025-03-22', 'prepared');

select * from finish();

rollback;
