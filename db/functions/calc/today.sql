create or replace function calc.today()
returns date
language sql
stable
parallel safe
as $$
  select coalesce(
    nullif(current_setting('rasid.today', true), '')::date,
    (now() at time zone (select value from ref.setting where name = 'time_zone'))::date
  )
$$;

comment on function calc.today() is
  'The setting rasid.today if the session has one, else the current day in the book''s time zone. Views apply it; nothing stored depends on it.';
