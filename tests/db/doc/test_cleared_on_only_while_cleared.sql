-- The day a cheque was cleared is there exactly while it is cleared: status_date if not given.
begin;

select plan(19);

set local rasid.today = '2025-03-15';

create temporary table given as select test.make_account() as account_id;
create temporary table made as
select
  test.make_cheque(account_id) as first_id,
  test.make_cheque(account_id, p_status => 'cleared', p_status_date => '2025-02-03') as second_id
from given;

create function pg_temp.cleared_on(p_cheque_id bigint)
returns date
language sql
as $$
  select cleared_on from doc.cheque where cheque_id = p_cheque_id
$$;

select is(pg_temp.cleared_on(first_id), null, 'in hand: none') from made;
select is(pg_temp.cleared_on(second_id), '2025-02-03'::date, 'entered as cleared: status_date')
from made;

update doc.cheque set status = 'cleared' from made where cheque_id = first_id;
select is(pg_temp.cleared_on(first_id), '2025-03-15'::date, 'becoming cleared: status_date')
from made;

update doc.cheque set status = 'bounced' from made where cheque_id = first_id;
select is(pg_temp.cleared_on(first_id), null, 'no more cleared: none') from made;

update doc.cheque
set status = 'cleared', status_date = '2025-03-10', cleared_on = '2025-03-09'
from made
where cheque_id = first_id;
select is(pg_temp.cleared_on(first_id), '2025-03-09'::date, 'as it says') from made;

update doc.cheque set cleared_on = '2025-03-08' from made where cheque_id = first_id;
select is(pg_temp.cleared_on(first_id), '2025-03-08'::date, 'it can be put right') from made;

update doc.cheque set cleared_on = null from made where cheque_id = first_id;
select is(pg_temp.cleared_on(first_id), '2025-03-10'::date, 'taken away: status_date again')
from made;

select test.refused(
  format(
    'update doc.cheque set status = %L, cleared_on = %L where cheque_id = %s',
    'bounced', '2025-03-11', first_id
  ),
  '23514', 'cheque_cleared_on_only_when_cleared', 'a bounced cheque is given none'
)
from made;
select test.refused(
  format(
    'insert into doc.cheque (account_id, amount, doc_date, due_date, cleared_on)
     values (%s, 1, %L, %2$L, %2$L)',
    account_id, '2025-01-01'
  ),
  '23514', 'cheque_cleared_on_only_when_cleared', 'nor one in hand'
)
from given;

insert into doc.cheque (account_id, amount, doc_date, due_date, status, cleared_on)
select account_id, 7, '2025-01-01', '2025-01-01', 'cleared', '2025-01-04' from given;
select is(
  (select (status_date, cleared_on)::text from doc.cheque where amount = 7),
  '(2025-01-01,2025-01-04)',
  'entered with the day it was cleared'
);

-- A day that the database gave follows status_date, unless the statement names it.
create temporary table third as
select test.make_cheque(account_id, p_status => 'cleared', p_status_date => '2025-02-03') as cheque_id
from given;
update doc.cheque set status_date = '2025-02-05' from third where cheque.cheque_id = third.cheque_id;
select is(pg_temp.cleared_on(cheque_id), '2025-02-05'::date, 'the day is put right: so is this one')
from third;
update doc.cheque
set status_date = '2025-02-06', cleared_on = '2025-02-05'
from third
where cheque.cheque_id = third.cheque_id;
select is(pg_temp.cleared_on(cheque_id), '2025-02-05'::date, 'unless it is named') from third;
update doc.cheque set status_date = '2025-02-07' from third where cheque.cheque_id = third.cheque_id;
select is(pg_temp.cleared_on(cheque_id), '2025-02-05'::date, 'one of its own stays') from third;
update doc.cheque
set status_date = '2025-02-08', cleared_on = null
from third
where cheque.cheque_id = third.cheque_id;
select is(pg_temp.cleared_on(cheque_id), '2025-02-08'::date, 'taken away: the new day') from third;
update doc.cheque
set status_date = '2025-02-09', cleared_on = null
from third
where cheque.cheque_id = third.cheque_id;
select is(pg_temp.cleared_on(cheque_id), '2025-02-09'::date, 'and again') from third;
with said as (
  update doc.cheque as c set status_date = '2025-02-10', cleared_on = c.cleared_on
  from third
  where c.cheque_id = third.cheque_id
  returning c.cheque_id
)
update doc.cheque as c
set status_date = '2025-02-10'
from made, said
where c.cheque_id = made.second_id;
select is(pg_temp.cleared_on(cheque_id), '2025-02-09'::date, 'writable CTE: the part that names it')
from third;
select is(pg_temp.cleared_on(second_id), '2025-02-10'::date, 'and the part that does not') from made;
select is(
  (
    select e.cleared_on::text
    from doc.cheque_event as e
    join made on made.second_id = e.cheque_id
    order by e.cheque_event_id desc
    limit 1
  ),
  '2025-02-10',
  'the event follows'
);
update doc.cheque
set status_date = '2025-02-12', cleared_on = '2025-02-11'
from made
where cheque.cheque_id = made.second_id;
select is(pg_temp.cleared_on(second_id), '2025-02-11'::date, 'another day that is named is that day')
from made;

select * from finish();

rollback;
