create or replace function ref.jalali_text(p_date date)
returns text
language sql
immutable
parallel safe
as $$
  -- Not to_char, which is only stable: with it the function could not be inlined.
  select overlay(
    overlay(ref.jalali_code(p_date)::text placing '/' from 7 for 0) placing '/' from 5 for 0
  )
$$;

comment on function ref.jalali_text(date) is
  'A date in Jalali writing with ASCII digits, 1404/05/06: sorts as the day does. Null outside
1300-1500. Inlined. ref.jalali_date reads it back.';
