create or replace function ref.jalali_year(p_date date)
returns int
language sql
immutable
parallel safe
as $$
  select ref.jalali_code(p_date) / 10000
$$;

comment on function ref.jalali_year(date) is
  'Jalali year (1300-1500) of a date; null outside 1300-1500. Inlined.';
