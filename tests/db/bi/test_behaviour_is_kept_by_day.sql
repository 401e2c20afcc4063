-- What the refresher keeps of an account's behaviour holds for any day, and only while nobody wrote
-- to the account.
begin;

select plan(9);

set local rasid.today = '2025-12-31';
create temp table t as select test.make_account() as account_id;

do $$
begin
  perform test.make_invoice(account_id, 100, '2024-12-01', '2024-12-31') from t;
  perform test.make_payment(account_id, 100, '2024-12-31') from t;
  perform test.make_invoice(account_id, 200, '2024-12-02', '2024-12-31') from t;
  perform test.make_payment(account_id, 200, '2025-01-01') from t;
  perform test.make_invoice(account_id, 400, '2025-09-01', '2025-09-20') from t;
  perform test.make_payment(account_id, 400, '2025-09-30') from t;
  perform test.make_invoice(account_id, 800, '2025-09-02', '2025-10-01') from t;
  perform test.make_payment(account_id, 800, '2025-10-01') from t;
end
$$;

create function pg_temp.behaviour() returns setof text
language sql
as $$
  select format(
    '%s %s %s, all %s %s, now %s before %s',
    b.settled_count, b.on_time_amount, b.paid_late_amount, b.all_settled_count,
    b.all_settled_amount, b.recent_lateness_days, b.before_lateness_days
  )
  from bi.behaviour b
  join t using (account_id)
$$;
create function pg_temp.is_kept() returns boolean
language sql
as $$
  select exists (
    select
    from calc.account_behaviour b
    join calc.account k using (account_id, change_count, changed_at)
    join t using (account_id)
  )
$$;

select is(pg_temp.is_kept(), false, 'computed now');
select results_eq(
  'select pg_temp.behaviour()',
  $$ values ('3 1000 400, all 4 1500, now 0.00 before 7.00') $$,
  'the window begins on the day after 12 months ago, the quarter on the day after 3 months ago'
);

do $$ begin perform calc.refresh(); end $$;
select is(pg_temp.is_kept(), true, 'then kept');
select results_eq(
  'select pg_temp.behaviour()',
  $$ values ('3 1000 400, all 4 1500, now 0.00 before 7.00') $$,
  'the same from what is kept'
);

set local rasid.today = '2026-01-01';
select results_eq(
  'select pg_temp.behaviour()',
  $$ values ('2 800 400, all 4 1500, now  before 3.33') $$,
  'the windows move from day to day without a refresh'
);
set local rasid.today = '2024-12-01';
select results_eq(
  'select pg_temp.behaviour()',
  $$ values ('4 1100 400, all 4 1500, now 2.80 before ') $$,
  'and begin before the first day'
);
set local rasid.today = '2025-12-31';

update ref.account set tolerance_days = 10 where account_id = (select account_id from t);
select results_eq(
  'select pg_temp.behaviour()',
  $$ values ('3 1400 0, all 4 1500, now 0.00 before 7.00') $$,
  'another tolerance counts at once'
);
do $$
begin
  perform test.make_payment(account_id, 50, '2025-12-31') from t;
  perform test.make_invoice(account_id, 50, '2025-12-30', '2025-12-31') from t;
end
$$;
select results_eq(
  'select pg_temp.behaviour()',
  $$ values ('4 1450 0, all 5 1550, now 0.00 before 7.00') $$,
  'what was written in this transaction counts'
);
select is(
  (
    select delay_days
    from calc.account_delay
    join t using (account_id)
  ),
  (select variance_days from bi.behaviour join t using (account_id)),
  'the forecast goes by the same days'
);

select * from finish();
rollback;
