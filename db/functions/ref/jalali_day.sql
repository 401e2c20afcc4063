create or replace function ref.jalali_day(p_date date)
returns int
language sql
immutable
parallel safe
as $$
  select ref.jalali_code(p_date) % 100
$$;

comment on function ref.jalali_day(date) is
  'Jalali day of the month, 1 to 31, of a date; null outside 1300-1500. Inlined.';
