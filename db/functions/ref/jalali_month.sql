create or replace function ref.jalali_month(p_date date)
returns int
language sql
immutable
parallel safe
as $$
  select ref.jalali_code(p_date) / 100 % 100
$$;

comment on function ref.jalali_month(date) is
  'Jalali month, 1 (Farvardin) to 12 (Esfand), of a date; null outside 1300-1500. Inlined.';
