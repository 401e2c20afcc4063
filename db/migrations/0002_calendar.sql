-- The calendar: one row a day, 1 Farvardin 1300 to 29 Esfand 1500. It is the date dimension of
-- every report and the bound of every day that a document may have. It is filled here, from the
-- leap-year rule alone, because functions come after migrations.

create table ref.calendar (
  day date
    constraint calendar_pkey primary key,
  jalali_year smallint not null
    constraint calendar_jalali_year_in_range check (jalali_year between 1300 and 1500),
  jalali_month smallint not null
    constraint calendar_jalali_month_in_range check (jalali_month between 1 and 12),
  jalali_day smallint not null
    constraint calendar_jalali_day_in_range check (jalali_day between 1 and 31),
  jalali_month_name text not null,
  jalali_text text not null,
  weekday smallint not null
    constraint calendar_weekday_in_range check (weekday between 0 and 6),
  weekday_name text not null,
  gregorian_year smallint not null,
  gregorian_month smallint not null
    constraint calendar_gregorian_month_in_range check (gregorian_month between 1 and 12),
  is_holiday boolean not null default false,
  holiday_name text
    constraint calendar_holiday_name_not_blank check (btrim(holiday_name) <> ''),
  is_working_day boolean not null
    generated always as (not is_holiday and weekday <> 6) stored,
  constraint calendar_jalali_date_once unique (jalali_year, jalali_month, jalali_day),
  constraint calendar_only_holidays_named check (is_holiday or holiday_name is null)
);

comment on table ref.calendar is
  'One row a day, Jalali years 1300 to 1500: Gregorian and Jalali date, weekday, holiday and working
day. The official holidays that are fixed in the solar year are marked, in all years alike; those of
the lunar year, and closures ordered for a day, differ from year to year and are loaded by the user:
update ref.calendar set is_holiday = true, holiday_name = ''…'' where day = ''…''.';
comment on column ref.calendar.day is 'The Gregorian date.';
comment on column ref.calendar.jalali_year is 'Jalali year, 1300 to 1500.';
comment on column ref.calendar.jalali_month is 'Jalali month, 1 (Farvardin) to 12 (Esfand).';
comment on column ref.calendar.jalali_day is 'Day of the Jalali month, 1 to 31.';
comment on column ref.calendar.jalali_month_name is 'Persian name of the Jalali month.';
comment on column ref.calendar.jalali_text is
  'Jalali date as it is written, 1404/05/06, in ASCII digits: sorts as the day does.';
comment on column ref.calendar.weekday is '0 is Saturday, the first day of the week; 6 is Friday.';
comment on column ref.calendar.weekday_name is 'Persian name of the weekday.';
comment on column ref.calendar.gregorian_year is 'Gregorian year of the day.';
comment on column ref.calendar.gregorian_month is 'Gregorian month of the day, 1 to 12.';
comment on column ref.calendar.is_holiday is
  'An official holiday, whatever the weekday. Fridays are not holidays by themselves.';
comment on column ref.calendar.holiday_name is 'What is celebrated or mourned; null on other days.';
comment on column ref.calendar.is_working_day is
  'Neither Friday nor a holiday; Thursday is a working day. Follows is_holiday by itself.';
comment on constraint calendar_pkey on ref.calendar is
  'A day is in the calendar once. | Update its row instead of adding another.';
comment on constraint calendar_jalali_date_once on ref.calendar is
  'A Jalali date is one day. | Change only holidays in the calendar.';
comment on constraint calendar_jalali_year_in_range on ref.calendar is
  'The calendar holds the Jalali years 1300 to 1500. | Check the year.';
comment on constraint calendar_jalali_month_in_range on ref.calendar is
  'A Jalali month is 1 to 12. | Change only holidays in the calendar.';
comment on constraint calendar_jalali_day_in_range on ref.calendar is
  'A day of a Jalali month is 1 to 31. | Change only holidays in the calendar.';
comment on constraint calendar_weekday_in_range on ref.calendar is
  'A weekday is 0 (Saturday) to 6 (Friday). | Change only holidays in the calendar.';
comment on constraint calendar_gregorian_month_in_range on ref.calendar is
  'A Gregorian month is 1 to 12. | Change only holidays in the calendar.';
comment on constraint calendar_holiday_name_not_blank on ref.calendar is
  'The name of a holiday is not blank. | Give its name, or null if it has none.';
comment on constraint calendar_only_holidays_named on ref.calendar is
  'Only a holiday has the name of one. | Set is_holiday too, or set holiday_name to null.';

insert into ref.calendar (
  day,
  jalali_year,
  jalali_month,
  jalali_day,
  jalali_month_name,
  jalali_text,
  weekday,
  weekday_name,
  gregorian_year,
  gregorian_month,
  is_holiday,
  holiday_name
)
with leap_rule as (
  select
    year,
    -- The 33-year rule. The 2820-year rule found in some libraries is wrong from 1403 on.
    case when (25 * year + 11) % 33 < 8 then 1 else 0 end as leap_days
  from generate_series(1300, 1500) as year
),
jalali_year as (
  select
    year,
    leap_days,
    date '1921-03-21'
      + (sum(365 + leap_days) over (order by year) - 365 - leap_days)::int as first_day
  from leap_rule
),
jalali_month (month, month_name, days_before, days) as (
  values
    (1, 'فروردین', 0, 31),
    (2, 'اردیبهشت', 31, 31),
    (3, 'خرداد', 62, 31),
    (4, 'تیر', 93, 31),
    (5, 'مرداد', 124, 31),
    (6, 'شهریور', 155, 31),
    (7, 'مهر', 186, 30),
    (8, 'آبان', 216, 30),
    (9, 'آذر', 246, 30),
    (10, 'دی', 276, 30),
    (11, 'بهمن', 306, 30),
    (12, 'اسفند', 336, 29)
),
jalali_date as (
  select
    y.first_day + m.days_before + d.day_of_month - 1 as day,
    y.year,
    m.month,
    d.day_of_month,
    m.month_name
  from jalali_year as y
  cross join jalali_month as m
  cross join lateral generate_series(
    1,
    m.days + case when m.month = 12 then y.leap_days else 0 end
  ) as d (day_of_month)
),
weekday (weekday, weekday_name) as (
  values
    (0, 'شنبه'),
    (1, 'یکشنبه'),
    (2, 'دوشنبه'),
    (3, 'سه‌شنبه'),
    (4, 'چهارشنبه'),
    (5, 'پنجشنبه'),
    (6, 'جمعه')
),
solar_holiday (month, day_of_month, holiday_name) as (
  values
    (1, 1, 'نوروز'),
    (1, 2, 'نوروز'),
    (1, 3, 'نوروز'),
    (1, 4, 'نوروز'),
    (1, 12, 'روز جمهوری اسلامی'),
    (1, 13, 'روز طبیعت'),
    (3, 14, 'رحلت امام خمینی'),
    (3, 15, 'قیام ۱۵ خرداد'),
    (11, 22, 'پیروزی انقلاب اسلامی'),
    (12, 29, 'روز ملی شدن صنعت نفت'),
    -- By the law of 1359 the days from 29 Esfand to 4 Farvardin are holidays: in a leap year
    -- this one is among them.
    (12, 30, 'آخرین روز سال')
)
select
  d.day,
  d.year,
  d.month,
  d.day_of_month,
  d.month_name,
  to_char(d.year * 10000 + d.month * 100 + d.day_of_month, 'FM0000"/"00"/"00'),
  w.weekday,
  w.weekday_name,
  extract(year from d.day),
  extract(month from d.day),
  h.holiday_name is not null,
  h.holiday_name
from jalali_date as d
-- A date counted from a Saturday: 1921-03-19.
join weekday as w on w.weekday = (d.day - date '1921-03-19') % 7
left join solar_holiday as h on h.month = d.month and h.day_of_month = d.day_of_month
order by d.day;

analyze ref.calendar;
