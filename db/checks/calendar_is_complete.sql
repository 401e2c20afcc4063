-- The calendar has every day of the Jalali years 1300 to 1500, once and rightly named
select
  d.day::date as day,
  c.day is not null as is_there
from generate_series(date '1921-03-21', date '2122-03-20', interval '1 day') as d (day)
full join ref.calendar as c on c.day = d.day
where c.day is null
  or d.day is null
  or ref.jalali_to_date(c.jalali_year, c.jalali_month, c.jalali_day) is distinct from c.day;
