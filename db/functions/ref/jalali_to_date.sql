create or replace function ref.jalali_to_date(p_year int, p_month int, p_day int)
returns date
language sql
immutable
parallel safe
as $$
  select case
    when p_year between 1300 and 1500
      and p_month between 1 and 12
      and p_day between 1 and case
        when p_month <= 6 then 31
        when p_month <= 11 or ref.jalali_is_leap(p_year) then 30
        else 29
      end
    then
      date '1921-03-21'
      + (12053 * (p_year - 1300) + 26) / 33
      + 31 * (p_month - 1) - greatest(p_month - 7, 0)
      + p_day - 1
  end
$$;

comment on function ref.jalali_to_date(int, int, int) is
  'The day that a Jalali year, month and day name; null if there is no such day or the year is
outside 1300-1500. Inlined. ref.jalali_date is the form that raises.';
