-- What-if: proposed cheques against the commitment, and the day that would balance the last.
begin;

select plan(25);

set local rasid.today = '2025-12-31';
create temp table t as select test.make_account() as account_id, test.make_account() as other;
update ref.account as a set tolerance_days = 99 from t where a.account_id = t.other;
create temp table i as
select
  account_id,
  array[
    -- Due in 10 and in 30 days: ras in (100·10 + 300·30) / 400 = 25, on 2026-01-25.
    test.make_invoice(account_id, 100, '2025-12-01', '2026-01-10'),
    test.make_invoice(account_id, 300, '2025-12-21', '2026-01-30')
  ] as ids
from t;
-- Not chosen, and somebody else's.
do $$
begin
  perform test.make_invoice(account_id, 900, '2025-12-25', '2026-03-31'),
    test.make_invoice(other, 900, '2025-12-25', '2026-03-31')
  from t;
end
$$;

create function pg_temp.plan(p_cheques jsonb)
returns text
language sql
as $$
  select concat_ws(
    ' ', p.cheque_amount, p.left_amount, p.settlement_ras, p.variance_days, p.timing, p.balancing,
    p.balancing_due_date
  )
  from i
  cross join lateral bi.plan_settlement(account_id, ids, p_cheques) as p
$$;

select results_eq(
  $$
    select p.open_amount, p.committed_ras
    from i cross join lateral bi.plan_settlement(account_id, ids, '[{"amount": 1}]') as p
  $$,
  $$ values (400::numeric, date '2026-01-25') $$,
  'what is to be settled'
);
select is(pg_temp.plan(cheques), result, description)
from (
  values
    (
      '[{"amount": 400, "due_date": "2026-01-25"}]'::jsonb,
      '400 0 2026-01-25 0.00 on_time not_asked', 'on the day'
    ),
    (
      '[{"amount": 400, "due_date": "2026-01-20"}]',
      '400 0 2026-01-20 -5.00 early not_asked', '5 days early'
    ),
    (
      '[{"amount": 400, "due_date": "2026-01-22"}]',
      '400 0 2026-01-22 -3.00 on_time not_asked', '3 days early, within the tolerance'
    ),
    (
      '[{"amount": 400, "due_date": "2026-01-28"}]',
      '400 0 2026-01-28 3.00 on_time not_asked', '3 days late, within it too'
    ),
    (
      '[{"amount": 400, "due_date": "2026-01-29"}]',
      '400 0 2026-01-29 4.00 late not_asked', '4 days late'
    ),
    (
      '[{"amount": 200, "due_date": "2026-01-20"}, {"amount": 200, "due_date": "2026-02-10"}]',
      '400 0 2026-01-31 5.50 late not_asked', '20 and 41 days: 30.5, a tie goes to the later'
    ),
    (
      '[{"amount": 200, "due_date": "2026-02-19"}, {"amount": 200}]',
      '400 0 2026-01-25 0.00 on_time found 2025-12-31', '50 days and none: today is a day too'
    ),
    (
      '[{"amount": 200, "due_date": "2026-01-20"}, {"amount": 200}]',
      '400 0 2026-01-25 0.00 on_time found 2026-01-30', '20 days and 30'
    ),
    (
      '[{"amount": 100, "due_date": "2026-01-24"}, {"amount": 300}]',
      '400 0 2026-01-25 -0.25 on_time found 2026-01-25', '25 and a third, to the day'
    ),
    (
      '[{"amount": 400}]',
      '400 0 2026-01-25 0.00 on_time found 2026-01-25', 'one cheque falls on the ras'
    ),
    (
      '[{"amount": 300, "due_date": "2026-03-01"}, {"amount": 100}]',
      '400 0 2026-02-14 20.00 late none', '60 days for 300: even today is 20 days late'
    ),
    (
      '[{"amount": 400, "due_date": "2025-12-01"}, {"amount": 0.01}]',
      '400.01 -0.01 2026-01-01 -24.12 early none',
      '0.01 makes 400 at once no later, up to the end of the calendar'
    ),
    (
      '[{"amount": 200, "due_date": "2025-06-01"}, {"amount": 200}]',
      '400 0 2026-01-25 0.00 on_time found 2026-02-19', 'a day gone by counts as today'
    ),
    (
      '[{"amount": "150.50", "due_date": "2026-01-25"}]',
      '150.50 249.50 2026-01-25 0.00 on_time not_asked', 'a part, and what it leaves'
    )
) as v (cheques, result, description);

select test.refused(
  format('select pg_temp.plan(%L)', cheques), 'RS503', 'plan_cheques_readable', cheques
)
from (
  values
    ('[]'), ('{}'), ('null'), ('[100]'), ('[{"due_date": "2026-01-01"}]'),
    ('[{"amount": 1}, {"amount": 2, "due_date": "2026-01-01"}]'),
    ('[{"amount": 1, "due_date": "2026-13-01"}]')
) as v (cheques);
select test.refused(
  $$ select pg_temp.plan('[{"amount": 0, "due_date": "2026-01-01"}]') $$,
  '23514', 'amount_positive', 'an amount is over 0'
);
select test.refused(
  $$ select pg_temp.plan('[{"amount": 1, "due_date": "1404-10-11"}]') $$,
  '23514', 'day_in_calendar', 'a Jalali day is told'
);
do $$
begin
  perform test.make_payment(account_id, 400, '2025-12-30') from t;
end
$$;
select test.refused(
  $$ select pg_temp.plan('[{"amount": 1}]') $$,
  'RS502', 'plan_of_open_invoices', 'nothing is open any more'
);

select * from finish();

rollback;
