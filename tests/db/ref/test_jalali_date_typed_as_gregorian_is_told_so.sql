-- A day like 1404-05-06 is refused, and the hint says that it looks like a Jalali date.
begin;

select plan(7);

create function pg_temp.hint(p_day text)
returns text
language plpgsql
as $$
declare
  v_hint text;
begin
  perform p_day::ref.day;
  return 'not refused';
exception
  when check_violation then
    get stacked diagnostics v_hint = pg_exception_hint;
    return v_hint;
end
$$;

select ok(pg_temp.hint('1404-05-06') like '%Jalali%jalali_date(''1404/05/06'')%', 'a Jalali day');
select ok(pg_temp.hint('1300-01-01') like '%Jalali%', 'the first year');
select ok(pg_temp.hint('1500-12-29') like '%Jalali%', 'the last year');
select ok(pg_temp.hint('1299-01-01') not like '%looks like a Jalali%', 'a year before');
select ok(pg_temp.hint('infinity') not like '%looks like a Jalali%', 'infinity is no Jalali day');
select is(pg_temp.hint('2025-07-28'), 'not refused', 'a Gregorian day');
select is(
  ref.jalali_date('1404/05/06'), '2025-07-28'::date, 'and what the hint names gives the day'
);

select * from finish();

rollback;
