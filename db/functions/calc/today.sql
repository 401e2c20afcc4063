create or replace function calc.today()
returns date
language plpgsql
stable
parallel safe
as $$
begin
  return coalesce(
    nullif(current_setting('rasid.today', true), '')::ref.day::date,
    (now() at time zone (select s.value from ref.setting s where s.name = 'time_zone'))::date
  );
end
$$;

comment on function calc.today() is
  'The setting rasid.today if the session has one (a day within the calendar: 23514), else the current day in the book''s time zone. Views apply it; nothing stored depends on it.';
