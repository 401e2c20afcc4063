-- Every day of a document is a day of ref.calendar.
begin;

select plan(9);

create temporary table given as select test.make_account() as account_id;

create function pg_temp.pay(p_day text)
returns text
language sql
as $$
  select format(
    'insert into doc.payment (account_id, amount, doc_date) select account_id, 1, %L from given', p_day
  )
$$;

select test.accepted(pg_temp.pay(min(day)::text), 'the first') from ref.calendar;
select test.accepted(pg_temp.pay(max(day)::text), 'the last') from ref.calendar;
select test.refused(pg_temp.pay((min(day) - 1)::text), '23514', 'day_in_calendar', 'none before')
from ref.calendar;
select test.refused(pg_temp.pay((max(day) + 1)::text), '23514', 'day_in_calendar', 'none after')
from ref.calendar;
select test.refused(pg_temp.pay('infinity'), '23514', 'day_in_calendar', 'not infinity');
select test.refused(pg_temp.pay('-infinity'), '23514', 'day_in_calendar', 'nor minus infinity');
select test.refused(pg_temp.pay('1404-05-06'), '23514', 'day_in_calendar', 'no Jalali date');
select test.refused(
  'update doc.payment set value_date = ''1404-05-06''', '23514', 'day_in_calendar', 'nor by update'
);

select is_empty(
  $$
    select table_name, column_name
    from information_schema.columns
    where table_schema = 'doc' and data_type = 'date' and domain_name is distinct from 'day'
  $$,
  'every day of a document is a ref.day'
);

select * from finish();

rollback;
