-- Shown as the nearest day, a tie goes to the later, whatever the base; as days it is not rounded.
begin;

select plan(11);

create function pg_temp.ras(p_amounts numeric[], p_days date[])
returns date
language sql
as $$
  select calc.ras(amount, day) from unnest(p_amounts, p_days) as u (amount, day)
$$;

select is(
  pg_temp.ras(array[1, 1], array['2025-01-01', '2025-01-02']::date[]), '2025-01-02'::date, 'a tie'
);
select is(
  pg_temp.ras(array[1, 1], array['1999-12-30', '1999-12-31']::date[]), '1999-12-31'::date,
  'a tie before 2000'
);
select is(
  pg_temp.ras(array[1, 1], array['1999-12-31', '2000-01-01']::date[]), '2000-01-01'::date,
  'a tie across the base'
);
select is(
  pg_temp.ras(array[51, 49], array['2025-01-01', '2025-01-02']::date[]), '2025-01-01'::date,
  'just before the middle'
);
select is(
  pg_temp.ras(array[999999999999999999.99, 999999999999999999.98],
    array['2025-01-01', '2025-01-02']::date[]),
  '2025-01-01'::date,
  'a hair before the middle, on the largest amounts'
);
select is(
  pg_temp.ras(array[999999999999999999.99, 999999999999999999.98],
    array['1925-01-01', '1925-01-02']::date[]),
  '1925-01-01'::date,
  'and before 2000'
);
select is(
  pg_temp.ras(array[200000, 150000, 100000, 500000],
    array['2020-01-21', '2020-01-31', '2020-02-15', '2020-01-11']::date[]),
  '2020-01-20'::date,
  '18.947 days from 1 January 2020: the textbook''s 19'
);
select is(
  pg_temp.ras(array[999999999999999999.99, 0.01], array['2025-01-01', '2025-01-03']::date[]),
  '2025-01-01'::date,
  'exact on the largest amounts'
);
select is(
  (
    select round(calc.ras_days(amount, day, '2020-01-01'), 6)
    from (
      values
        (200000, date '2020-01-21'), (150000, '2020-01-31'), (100000, '2020-02-15'),
        (500000, '2020-01-11')
    ) as v (amount, day)
  ),
  18.947368,
  'in days: 360/19'
);
select is(
  (
    select calc.ras_days(amount, day, '2025-01-03')
    from (values (1, date '2025-01-01'), (3, '2025-01-02')) as v (amount, day)
  )::numeric(9, 2),
  -1.25,
  'from a base after them it is below 0'
);
select is((select calc.ras(1, '2025-01-01') where false), null, 'of nothing, nothing');

select * from finish();

rollback;
