create or replace function ref.jalali_is_leap(p_year int)
returns boolean
language sql
immutable
parallel safe
as $$
  select case when p_year between 1300 and 1500 then (25 * p_year + 11) % 33 < 8 end
$$;

comment on function ref.jalali_is_leap(int) is
  'Whether Esfand of a Jalali year has 30 days, by the 33-year rule (1403 has, 1404 has not; the
2820-year rule says the opposite and is wrong). Null outside 1300-1500. Inlined.';
