-- Nets are never averaged: a ras refuses what is not over 0, and days without end.
begin;

select plan(9);

select test.refused(
  format('select calc.ras(%L::numeric, %L::date)', amount, day),
  'RS201', 'ras_amount_positive', format('no ras of %s on %s', amount, day)
)
from (
  values
    ('0', '2025-01-01'), ('-1', '2025-01-01'), ('NaN', '2025-01-01'), ('Infinity', '2025-01-01'),
    ('1', 'infinity')
) as v (amount, day);
select test.refused(
  'select calc.ras_days(-1::numeric, date ''2025-01-02'', date ''2025-01-01'')',
  'RS201', 'ras_amount_positive', 'nor in days'
);
select test.refused(
  'select calc.ras(amount, date ''2025-01-01'') from (values (5), (-1), (7)) as v (amount)',
  'RS201', 'ras_amount_positive', 'nor one among others'
);
select is(
  (select calc.ras(amount, day) from (values (1, date '2025-01-01'), (3, '2025-01-05')) as v (amount, day)),
  date '2025-01-04',
  'it weighs days by amounts'
);
select is(
  (select calc.ras(amount, day) from (values (1, date '2025-01-01'), (null, null)) as v (amount, day)),
  date '2025-01-01',
  'and leaves out what there is not'
);

select * from finish();

rollback;
