-- An uncleared cheque is expected on its day; the account's clearing rate says what is certain.
begin;

select plan(13);

set local rasid.today = '2025-12-31';
create temp table t as
select test.make_account() as account_id, test.make_account() as new, test.make_account() as other,
  test.make_account('payable') as supplier, test.make_account(p_currency => 'USD') as "foreign";

do $$
begin
  perform test.make_cheque(account_id, 200, '2025-06-01', '2025-07-01', 'cleared', '2025-07-01')
  from t;
  perform test.make_cheque(account_id, 100, '2025-06-01', '2025-08-01', 'bounced', '2025-08-01')
  from t;
  perform test.make_cheque(account_id, 1000, '2025-12-01', '2026-01-10') from t;
  perform test.make_cheque(account_id, 1001, '2025-12-01', '2025-12-20', 'deposited') from t;
end
$$;

select results_eq(
  $$
    select amount, expected_on, certain_amount, doubtful_amount
    from bi.cash_forecast join t using (account_id) order by amount
  $$,
  $$
    values (1000::numeric, date '2026-01-10', 666.70, 333.30),
      (1001, '2025-12-31', 667.37, 333.63)
  $$,
  'a third of the money bounced; never before today'
);

-- What the organisation's rate has nothing to do with: a guarantee, a year before, one void again.
do $$
declare
  v_status text;
begin
  perform
    test.make_cheque(
      other, 5000, '2025-06-01', '2025-08-01', 'bounced', '2025-08-01', p_kind => 'guarantee'
    ),
    test.make_cheque(other, 7000, '2024-06-01', '2024-08-01', 'bounced', '2024-08-01'),
    test.make_cheque(other, 3000, '2025-06-01', '2025-08-01', 'bounced', '2025-08-01')
  from t;
  foreach v_status in array array['deposited', 'in_hand', 'void'] loop
    update doc.cheque set status = v_status, status_date = '2025-08-02' where amount = 3000;
  end loop;
end
$$;
do $$
begin
  perform test.make_cheque(new, 1000, '2025-12-01', '2026-01-10') from t;
end
$$;
select is(
  (select clearing_rate from bi.cash_forecast where account_id = (select new from t)), 0.6667,
  'without a history it is the organisation''s'
);

do $$
declare
  v_cheque_id bigint;
begin
  perform test.make_cheque(other, 11, '2025-12-01', '2026-01-10'),
    test.make_cheque(supplier, 22, '2025-12-01', '2026-01-10'),
    test.make_cheque("foreign", 33, '2025-12-01', '2026-01-10')
  from t;
  select test.make_cheque("foreign", 800, '2024-06-01', '2024-08-01', 'bounced', '2024-08-01')
  into v_cheque_id
  from t;
  update doc.cheque set status = 'cleared', status_date = '2025-03-01'
  where cheque_id = v_cheque_id;
end
$$;
select results_eq(
  $$
    select amount, clearing_rate from bi.cash_forecast where amount in (11, 22, 33) order by amount
  $$,
  $$values (11::numeric, 0.0000), (22, 1), (33, 1.0000)$$,
  'who had nothing presented in 12 months is known by all time; nobody: it clears;'
  ' one that bounced before and cleared since has cleared'
);

insert into doc.payment (account_id, cheque_id, amount, doc_date)
select q.account_id, q.cheque_id, 400, '2025-12-30'
from t join doc.cheque as q on q.account_id = t.new;
select is(
  (select amount from bi.cash_forecast where account_id = (select new from t)), 600::numeric,
  'the bank paid a part of it already'
);

-- Passed on to a supplier: no money of ours moves.
insert into doc.cheque (account_id, sayad_id, amount, doc_date, due_date, status, status_date)
select account_id, '1234567890123456', 77, date '2025-12-01', date '2026-02-01', 'endorsed',
  date '2025-12-05' from t
union all
select supplier, '1234567890123456', 77, '2025-12-05', '2026-02-01', 'in_hand', '2025-12-05'
from t;
select is_empty(
  'select from bi.cash_forecast where amount = 77', 'a cheque passed on is on neither side'
);
update doc.cheque as q set status = 'in_hand', status_date = '2025-12-06' from t
where q.account_id = t.account_id and q.amount = 77;
delete from doc.cheque as q using t where q.account_id = t.supplier;
select is(
  (select count(*) from bi.cash_forecast where amount = 77), 1::bigint, 'taken back it is expected'
);

-- What is foreseen as of today is the forecast.
select is_empty(
  $$
    select * from bi.cash_forecast
    except
    select * from bi.cash_forecast_as_of('2025-12-31')
  $$,
  'as of today it is the same'
);

-- What became of a cheque later was not known on the day.
do $$
declare
  v_status text;
begin
  foreach v_status in array array['deposited', 'in_hand', 'void'] loop
    update doc.cheque q set status = v_status, status_date = '2025-12-20'
    from t
    where q.account_id = t.account_id
      and q.amount = 100;
  end loop;
end
$$;
select results_eq(
  $$
    select f.clearing_rate, c.clearing_rate
    from t
    join bi.cash_forecast f on f.account_id = t.account_id and f.amount = 1000
    join bi.cash_forecast_as_of('2025-12-01') c on c.account_id = t.account_id and c.amount = 1000
  $$,
  $$values (1.0000, 0.6667)$$,
  'one that bounced and is void now had bounced'
);
-- Nor was a cheque handed over after the day, though its state bears an earlier one.
do $$
begin
  perform test.make_cheque(account_id, 500, '2025-12-02', '2025-12-10', 'bounced', '2025-11-20')
  from t;
end
$$;
select results_eq(
  $$
    select d.day, min(f.clearing_rate)
    from (values (date '2025-12-01'), ('2025-12-02')) as d (day)
    cross join lateral bi.cash_forecast_as_of(d.day) as f
    where f.amount = 1000
    group by d.day
    order by d.day
  $$,
  $$values (date '2025-12-01', 0.6667), ('2025-12-02', 0.2500)$$,
  'one handed over later had not bounced, on its own day it had'
);
select is_empty(
  $$select from bi.cash_forecast_as_of('2025-11-30') where source_type = 'cheque'$$,
  'nor is it expected before it was there'
);
select test.refused(
  'select bi.cash_forecast_as_of(''1404-10-10'')', '23514', 'day_in_calendar', 'no Jalali day'
);
select results_eq(
  $$
    select side, currency, sum(amount), sum(certain_amount), sum(doubtful_amount)
    from bi.cash_forecast group by side, currency
  $$,
  $$
    select side, currency, sum(amount), sum(certain_amount), sum(doubtful_amount)
    from bi.cash_forecast_by_week group by side, currency
  $$,
  'the weeks add up to it'
);

insert into doc.payment (account_id, cheque_id, amount, doc_date)
select q.account_id, q.cheque_id, 600, '2025-12-31'
from t join doc.cheque as q on q.account_id = t.new;
select is_empty(
  $$
    select f.amount from t join bi.cash_forecast as f on f.account_id = t.new
    union all
    select f.amount from t join bi.cash_forecast_as_of('2025-12-31') as f on f.account_id = t.new
  $$,
  'nothing more comes of a cheque that the bank paid in parts'
);

select * from finish();

rollback;
