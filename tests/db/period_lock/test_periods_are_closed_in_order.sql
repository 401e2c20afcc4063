-- A period is closed once, after those before it, when it has ended, with a reason, by those who may.
begin;

select plan(13);

set local rasid.today = '2025-03-15';

select test.refused(
  'select ref.close_period(''2025-03-16'', ''early'')', 'RS405', 'period_ended', 'not a day to come'
);
select test.refused(
  'select ref.close_period(null, ''none'')', 'RS405', 'period_ended', 'not no day'
);
select test.refused(
  'select ref.close_period(''2025-01-31'', '' '')', '23514', 'period_lock_reason_given',
  'not without a reason'
);
select test.refused(
  'select ref.close_period(''2025-01-31'', null)', '23514', 'period_lock_reason_given',
  'nor with none at all'
);
set local rasid."user" = 'Mina';
select test.accepted('select ref.close_period(''2025-02-28'', ''winter'')', 'a month that ended');
select results_eq(
  'select closed_upto::date, reason, closed_by from ref.period_lock',
  $$values (date '2025-02-28', 'winter', 'Mina')$$,
  'its row says why and by whom'
);
select test.refused(
  'select ref.close_period(''2025-02-28'', ''again'')', 'RS406', 'period_not_closed_twice', 'twice'
);
select test.refused(
  'select ref.close_period(''2025-01-31'', ''before'')', 'RS406', 'period_not_closed_twice',
  'nor one before it'
);
select test.refused(
  'select ref.reopen_period(''2025-01-31'', ''why'')', 'RS407', 'period_closed_known',
  'what was not closed is not reopened'
);
select test.refused(
  'select ref.reopen_period(''2025-02-28'', '''')', 'RS404', 'lock_reason_given',
  'and nothing is without a reason'
);
select test.denied_as(r.role, 'select ref.close_period(''2025-03-01'', ''x'')', r.role || ' closes nothing')
from (values ('integrator'), ('bi'), ('auditor')) as r (role);

select * from finish();

rollback;
