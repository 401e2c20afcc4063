-- An open line is expected on its due date and the account's own delay, never before today.
begin;

select plan(12);

set local rasid.today = '2025-12-31';
create temp table t as
select test.make_account() as late, test.make_account() as early, test.make_account() as new,
  test.make_account(p_currency => 'USD') as foreign,
  test.make_account('payable') as noted, test.make_account('payable') as supplier,
  test.make_account('payable') as lost;

-- 10 days late, weighing 300; 2 days early, weighing 600.
do $$
begin
  perform test.make_invoice(late, 100, day, day), test.make_payment(late, 100, day + 10),
    test.make_invoice(early, 200, day, day + 2), test.make_payment(early, 200, day)
  from t cross join unnest('{2025-07-01,2025-08-01,2025-09-01}'::date[]) as day;
end
$$;

do $$
begin
  perform test.make_invoice(late, 1000, '2025-12-15', '2026-01-15') from t;
  perform test.make_invoice(late, 1001, '2025-12-15', '2025-12-10') from t;
  perform test.make_invoice(late, 1002, '2025-12-15', '2025-11-30') from t;
end
$$;
insert into doc.invoice (account_id, amount, doc_date, due_date, auto_allocate)
select late, 1003, '2025-12-15', '2026-01-15', false from t;
select results_eq(
  $$
    select amount, expected_on, certain_amount, doubtful_amount
    from bi.cash_forecast where account_id = (select late from t) order by amount
  $$,
  $$
    values (1000::numeric, date '2026-01-25', 1000::numeric, 0::numeric),
      (1001, '2025-12-31', 1001, 0),
      (1002, '2025-12-31', 0, 1002),
      (1003, '2026-01-25', 0, 1003)
  $$,
  '10 days late, never before today; doubtful when 31 days past due or disputed'
);

do $$
begin
  perform test.make_invoice(early, 50, '2025-12-15', '2026-01-15'),
    test.make_invoice(new, 50, '2025-12-15', '2026-01-15'),
    test.make_invoice("foreign", 50, '2025-12-15', '2026-01-15')
  from t;
end
$$;
select results_eq(
  $$
    select delay_days, expected_on from bi.cash_forecast where account_id = (select early from t)
  $$,
  $$ values (-2.00, date '2026-01-13') $$,
  'who pays early is expected early'
);
select results_eq(
  'select delay_days, expected_on from bi.cash_forecast where account_id = (select new from t)',
  $$ values (2.00, date '2026-01-17') $$,
  'without a history it is the organisation''s: (300·10 − 600·2) / 900'
);
select results_eq(
  $$
    select delay_days, expected_on from bi.cash_forecast
    where account_id = (select "foreign" from t)
  $$,
  $$ values (0::numeric, date '2026-01-15') $$,
  'and none where nothing was ever settled in the currency'
);

-- Two invoices settled by money, a third by a return.
do $$
begin
  perform test.make_invoice(noted, 100, day, day), test.make_payment(noted, 100, day + 10)
  from t cross join unnest('{2025-07-01,2025-08-01}'::date[]) as day;
  perform test.make_invoice(noted, 100, '2025-09-01', '2025-09-01'),
    test.make_invoice(supplier, 200, '2025-09-01', '2025-09-01'),
    test.make_payment(supplier, 200, '2025-09-01')
  from t;
  insert into doc.credit_note (account_id, doc_date, amount) select noted, '2025-09-11', 100 from t;
  perform test.make_invoice(noted, 50, '2025-12-15', '2026-01-15') from t;
end
$$;
select results_eq(
  'select delay_days, expected_on from bi.cash_forecast where account_id = (select noted from t)',
  $$ values (5.00, date '2026-01-20') $$,
  'what a return settles is no habit: (200·10 + 200·0) / 400 of the organisation'
);

do $$
begin
  perform test.make_invoice(lost, 10, day, day)
  from t cross join unnest('{2025-07-01,2025-08-01,2025-09-01}'::date[]) as day;
  insert into doc.adjustment (account_id, kind, doc_date, amount)
  select lost, 'write_off', '2025-10-01', 30 from t;
  perform test.make_invoice(lost, 50, '2025-12-15', '2026-01-15') from t;
end
$$;
select results_eq(
  'select delay_days, expected_on from bi.cash_forecast where account_id = (select lost from t)',
  $$ values (5.00, date '2026-01-20') $$,
  'nor what was written off: it has no day'
);

create view pg_temp.difference as
(select * from bi.cash_forecast except select * from bi.cash_forecast_as_of(calc.today()))
union all
(select * from bi.cash_forecast_as_of(calc.today()) except select * from bi.cash_forecast);
select is_empty('select * from pg_temp.difference', 'as of today it is the same');

-- A year and a half later: three more, 20 days late.
set local rasid.today = '2027-06-30';
do $$
begin
  perform test.make_payment(late, 3003, '2026-02-01') from t;
  perform test.make_invoice(late, 100, day, day), test.make_payment(late, 100, day + 20)
  from t cross join unnest('{2026-07-01,2026-08-01,2026-09-01}'::date[]) as day;
  perform test.make_invoice(late, 60, '2027-06-15', '2027-07-15'),
    test.make_invoice(early, 60, '2027-06-15', '2027-07-15')
  from t;
end
$$;
select results_eq(
  $$
    select delay_days, expected_on from bi.cash_forecast
    where account_id = (select late from t) and amount = 60
  $$,
  $$ values (20.00, date '2027-08-04') $$,
  'the last 12 months tell of today'
);
select is(
  (
    select delay_days from bi.cash_forecast
    where account_id = (select early from t) and amount = 60
  ),
  -2.00,
  'who settled nothing in 12 months is known by all time'
);
select is(
  (select count(*) from bi.cash_forecast where account_id = (select new from t)), 1::bigint,
  'what stays open stays in the forecast'
);

select is_empty('select * from pg_temp.difference', 'as of that day too');

select results_eq(
  $$
    select f.certain_amount
    from (values (date '2025-12-01'), ('2025-11-30')) as d (due_date)
    cross join lateral calc.forecast_figure(
      '2025-12-31', false, d.due_date, 100, false, 30, 0, null
    ) as f
    order by d.due_date desc
  $$,
  '{100,0}'::numeric[],
  'with 30 days of risk, 30 days past due are certain and 31 are not'
);

select * from finish();

rollback;
