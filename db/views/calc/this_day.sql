create or replace view calc.this_day as
select
  coalesce(
    nullif(current_setting('rasid.today', true), '')::ref.day::date,
    (now() at time zone s.value)::date
  ) as today
from ref.setting s
where s.name = 'time_zone'
offset 0;

comment on view calc.this_day is
  'One row: today, the setting rasid.today if the session has one (a day within the calendar: 23514), else the current day in the book''s time zone. What a view joins; calc.today() is for everything else.';
comment on column calc.this_day.today is 'Today. Worked out once a statement, not once a row.';
