create or replace view bi.calendar as
select
  c.day,
  c.gregorian_year,
  c.gregorian_month,
  c.jalali_year,
  c.jalali_month,
  c.jalali_day,
  c.jalali_month_name,
  c.jalali_text,
  c.weekday,
  c.weekday_name,
  c.day - c.weekday as week_from,
  c.is_holiday,
  c.holiday_name,
  c.is_working_day
from ref.calendar c;

comment on view bi.calendar is
  'One row a day, Jalali years 1300 to 1500: the date dimension; join any day of the other views to it. Key: day.';
comment on column bi.calendar.day is 'The Gregorian date.';
comment on column bi.calendar.gregorian_year is 'Gregorian year.';
comment on column bi.calendar.gregorian_month is 'Gregorian month, 1 to 12.';
comment on column bi.calendar.jalali_year is 'Jalali year.';
comment on column bi.calendar.jalali_month is 'Jalali month, 1 (Farvardin) to 12 (Esfand).';
comment on column bi.calendar.jalali_day is 'Day of the Jalali month.';
comment on column bi.calendar.jalali_month_name is 'Persian name of the Jalali month.';
comment on column bi.calendar.jalali_text is 'Jalali date as it is written, 1404/05/06, in ASCII digits: sorts as the day does.';
comment on column bi.calendar.weekday is '0 is Saturday, the first day of the week; 6 is Friday.';
comment on column bi.calendar.weekday_name is 'Persian name of the weekday.';
comment on column bi.calendar.week_from is 'The Saturday with which its week begins.';
comment on column bi.calendar.is_holiday is 'An official holiday, whatever the weekday.';
comment on column bi.calendar.holiday_name is 'What is celebrated or mourned; null on other days.';
comment on column bi.calendar.is_working_day is 'Neither Friday nor a holiday.';
