-- A Jalali date and its day name each other, by the 33-year leap rule, and no other date is taken.
begin;

select plan(71);

create temporary table jalali_edge (jalali text, day date);

insert into jalali_edge
values
  ('1300/01/01', '1921-03-21'),
  ('1300/12/30', '1922-03-21'),
  ('1370/12/30', '1992-03-20'),
  ('1375/12/30', '1997-03-20'),
  ('1379/12/30', '2001-03-20'),
  ('1399/12/30', '2021-03-20'),
  ('1403/06/31', '2024-09-21'),
  ('1403/07/30', '2024-10-21'),
  ('1403/11/30', '2025-02-18'),
  ('1403/12/29', '2025-03-19'),
  ('1403/12/30', '2025-03-20'),
  ('1404/01/01', '2025-03-21'),
  ('1404/12/29', '2026-03-20'),
  ('1405/01/01', '2026-03-21'),
  ('1408/12/30', '2030-03-20'),
  ('1412/12/30', '2034-03-20'),
  ('1436/12/30', '2058-03-20'),
  ('1441/12/30', '2063-03-20'),
  ('1500/12/29', '2122-03-20');

select is(ref.jalali_date(jalali), day, jalali || ' is read as its day') from jalali_edge;
select is(ref.jalali_text(day), jalali, jalali || ' is written from its day') from jalali_edge;

create temporary table no_such_day (jalali text);

insert into no_such_day
values
  ('1400/12/30'),
  ('1401/12/30'),
  ('1402/12/30'),
  ('1404/12/30'),
  ('1407/12/30'),
  ('1437/12/30'),
  ('1500/12/30'),
  ('1403/07/31'),
  ('1403/01/32'),
  ('1403/13/01'),
  ('1403/00/10'),
  ('1403/05/00'),
  ('1299/12/29'),
  ('1501/01/01'),
  ('1404/05-06'),
  ('04/05/06'),
  ('2025/07/28'),
  ('امروز'),
  ('');

select throws_ok(
  format('select ref.jalali_date(%L)', jalali),
  'RS801',
  null,
  format('"%s" is refused', jalali)
)
from no_such_day;

select is_empty(
  'select jalali from no_such_day where ref.try_jalali_date(jalali) is not null',
  'a load gets null for each of them'
);

select is(ref.try_jalali_date('1404-5-6'), date '2025-07-28', 'hyphens and short parts are read');
select is(ref.try_jalali_date('۱۴۰۴/۰۵/۰۶'), date '2025-07-28', 'Persian digits are read');
select is(ref.try_jalali_date('١٤٠٤/٠٥/٠٦'), date '2025-07-28', 'Arabic digits are read');
select is(
  ref.try_jalali_date(E' \t1404/05/06\u00a0\u200f'),
  date '2025-07-28',
  'blanks and direction marks around a date are ignored'
);
select is(ref.jalali_date(null), null, 'no text is no date');

select is(
  array[
    ref.jalali_code('2025-07-28'),
    ref.jalali_year('2025-07-28'),
    ref.jalali_month('2025-07-28'),
    ref.jalali_day('2025-07-28')
  ],
  array[14040506, 1404, 5, 6],
  'the parts of a day'
);
select is(ref.jalali_to_date(1404, 5, 6), date '2025-07-28', 'a day from its parts');
select is(ref.jalali_to_date(1404, 12, 30), null, 'no day from parts that name none');

select is(
  array(select year from generate_series(1399, 1441) as year where ref.jalali_is_leap(year)),
  array[1399, 1403, 1408, 1412, 1416, 1420, 1424, 1428, 1432, 1436, 1441],
  'leap years come every four years, and once in 33 after five'
);

select is_empty(
  $$
    select day
    from unnest(array['1921-03-20', '2122-03-21', 'infinity', '-infinity', null]::date[]) as day
    where num_nonnulls(
      ref.jalali_code(day),
      ref.jalali_year(day),
      ref.jalali_month(day),
      ref.jalali_day(day),
      ref.jalali_text(day)
    ) > 0
  $$,
  'a day outside 1300-1500 has no Jalali date'
);
select is(
  array[ref.jalali_is_leap(1299), ref.jalali_is_leap(1501), ref.jalali_is_leap(null)],
  array[null, null, null]::boolean[],
  'the leap rule is not stretched beyond 1300-1500'
);

select is_empty(
  $$
    select proname
    from pg_catalog.pg_proc
    where pronamespace = 'ref'::regnamespace
      and (proname ~ 'jalali' or proname in ('latin_digits', 'persian_text'))
      and (provolatile <> 'i' or proparallel <> 's')
  $$,
  'all of it is immutable and parallel safe'
);

create function pg_temp.plan_of(p_query text)
returns setof text
language plpgsql
as $$
begin
  return query execute 'explain (verbose) ' || p_query;
end
$$;

select is_empty(
  $$
    select line
    from pg_temp.plan_of('
      select
        ref.jalali_code(day),
        ref.jalali_year(day),
        ref.jalali_month(day),
        ref.jalali_day(day),
        ref.jalali_text(day),
        ref.jalali_is_leap(jalali_year),
        ref.jalali_to_date(jalali_year, jalali_month, jalali_day),
        ref.latin_digits(jalali_text),
        ref.persian_text(jalali_text)
      from ref.calendar
    ') as line
    where line ~ 'ref\.(jalali|latin|persian)_\w+\('
  $$,
  'the conversions are inlined into the query that uses them'
);

select * from finish();

rollback;
