-- The calendar has every day of 1300 to 1500 once, and knows which of them are worked.
begin;

select plan(15);

select results_eq(
  'select count(*)::int, min(day), max(day) from ref.calendar',
  $$values (73414, date '1921-03-21', date '2122-03-20')$$,
  'it reaches from 1300/01/01 to 1500/12/29 without a gap'
);
select is_empty(
  $$
    select day
    from ref.calendar
    where (ref.jalali_to_date(jalali_year, jalali_month, jalali_day), jalali_text)
        is distinct from (day, ref.jalali_text(day))
      or (gregorian_year, gregorian_month)
        <> (extract(year from day), extract(month from day))
      or weekday <> (extract(dow from day) + 1)::int % 7
  $$,
  'it agrees with the conversion functions and with the Gregorian calendar'
);
select results_eq(
  $$
    select distinct jalali_month::int, jalali_month_name
    from ref.calendar
    order by jalali_month::int
  $$,
  $$
    values
      (1, 'فروردین'), (2, 'اردیبهشت'), (3, 'خرداد'), (4, 'تیر'), (5, 'مرداد'), (6, 'شهریور'),
      (7, 'مهر'), (8, 'آبان'), (9, 'آذر'), (10, 'دی'), (11, 'بهمن'), (12, 'اسفند')
  $$,
  'each month has its one name'
);
select results_eq(
  'select distinct weekday::int, weekday_name from ref.calendar order by weekday::int',
  $$
    values
      (0, 'شنبه'), (1, 'یکشنبه'), (2, 'دوشنبه'), (3, E'سه\u200cشنبه'),
      (4, 'چهارشنبه'), (5, 'پنجشنبه'), (6, 'جمعه')
  $$,
  'each weekday has its one name, from Saturday on'
);
select is(weekday_name, 'شنبه', 'Nowruz of 1405 is a Saturday')
from ref.calendar
where day = '2026-03-21';

select results_eq(
  $$
    select jalali_text
    from ref.calendar
    where jalali_year = 1403 and is_holiday
    order by day
  $$,
  array[
    '1403/01/01', '1403/01/02', '1403/01/03', '1403/01/04', '1403/01/12', '1403/01/13',
    '1403/03/14', '1403/03/15', '1403/11/22', '1403/12/29', '1403/12/30'
  ],
  'the holidays of the solar year are marked, the last day of a leap year among them'
);
select is_empty(
  'select day from ref.calendar where is_holiday <> (holiday_name is not null)',
  'and named'
);
select results_eq(
  $$
    select is_working_day
    from ref.calendar
    where day between '2025-07-30' and '2025-08-02'
    order by day
  $$,
  array[true, true, false, true],
  'Friday is the weekend, Thursday is worked'
);
select is(is_working_day, false, 'no work on a holiday') from ref.calendar where day = '2025-03-24';

update ref.calendar set is_holiday = true, holiday_name = 'اربعین' where day = '2025-08-14';

select is(is_working_day, false, 'a holiday that is loaded is not worked')
from ref.calendar
where day = '2025-08-14';

select throws_ok(
  $$update ref.calendar set is_working_day = true where day = '2025-08-14'$$,
  '428C9',
  null,
  'whether a day is worked follows and is not written'
);
select throws_ok(
  $$update ref.calendar set is_holiday = false where day = '2025-08-14'$$,
  '23514',
  'new row for relation "calendar" violates check constraint "calendar_only_holidays_named"',
  'a working day keeps no name of a holiday'
);
select throws_ok(
  $$update ref.calendar set holiday_name = ' ' where day = '2025-08-14'$$,
  '23514',
  'new row for relation "calendar" violates check constraint "calendar_holiday_name_not_blank"',
  'a name is not blank'
);
select throws_ok(
  $$update ref.calendar set jalali_day = 7 where jalali_text = '1404/05/06'$$,
  '23505',
  'duplicate key value violates unique constraint "calendar_jalali_date_once"',
  'a Jalali date is one day'
);
select throws_ok(
  $$update ref.calendar set jalali_month = 13 where jalali_text = '1404/05/06'$$,
  '23514',
  'new row for relation "calendar" violates check constraint "calendar_jalali_month_in_range"',
  'there is no thirteenth month'
);

select * from finish();

rollback;
