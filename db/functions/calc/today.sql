create or replace function calc.today()
returns date
language plpgsql
stable
parallel safe
as $$
begin
  return (select d.today from calc.this_day d);
end
$$;

comment on function calc.today() is
  'The setting rasid.today if the session has one (a day within the calendar: 23514), else the current day in the book''s time zone (calc.this_day). Views apply it; nothing stored depends on it.';
