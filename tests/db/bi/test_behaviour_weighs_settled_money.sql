-- Behaviour: how early or late money came, by money; the last 3 months against the 9 before.
begin;

select plan(9);

set local rasid.today = '2025-12-31';
create temp table t as select test.make_account() as account_id;

-- 1 day late, 10 early, 10 late.
do $$
begin
  perform test.make_invoice(account_id, 100, '2025-02-01', '2025-03-01') from t;
  perform test.make_payment(account_id, 100, '2025-03-02') from t;
  perform test.make_invoice(account_id, 200, '2025-04-01', '2025-05-01') from t;
  perform test.make_payment(account_id, 200, '2025-04-21') from t;
  perform test.make_invoice(account_id, 300, '2025-10-05', '2025-11-01') from t;
  perform test.make_payment(account_id, 300, '2025-11-11') from t;
end
$$;

select results_eq(
  $$
    select settled_count, settled_amount, early_amount, on_time_amount, late_amount,
      measured_amount
    from bi.behaviour join t using (account_id)
  $$,
  $$ values (3::bigint, 600::numeric, 200::numeric, 100::numeric, 300::numeric, 600::numeric) $$,
  'an invoice is early, on time or late as a whole'
);
select results_eq(
  'select all_early_amount, all_on_time_amount from bi.behaviour join t using (account_id)',
  $$ values (200::numeric, 100::numeric) $$,
  'over all time too'
);
select results_eq(
  'select early_share, on_time_share, late_share from bi.behaviour join t using (account_id)',
  $$ values (0.3333, 0.1667, 0.5000) $$,
  'shares are of the money'
);
select results_eq(
  $$
    select variance_money_days, variance_days, lateness_days
    from bi.behaviour join t using (account_id)
  $$,
  $$ values (1100::numeric, 1.83, 1.83) $$,
  '(100·1 − 200·10 + 300·10) / 600'
);
select results_eq(
  $$
    select recent_lateness_days, before_lateness_days, trend_days
    from bi.behaviour join t using (account_id)
  $$,
  $$ values (10.00, -6.33, 16.33) $$,
  'the trend: 10 in the last 3 months, (100 − 2000) / 300 in the 9 before'
);
select results_eq(
  'select class, score from bi.behaviour join t using (account_id)',
  $$ values ('on_time', 83.8) $$,
  '100 − 2·1.83 − 25·0.5'
);

-- Neither what was owed before nor what was sent back says how the customer pays.
insert into doc.invoice (account_id, kind, amount, doc_date, due_date)
select account_id, 'opening', 5000, '2025-11-12', '2025-01-01' from t;
do $$
begin
  perform test.make_payment(account_id, 5000, '2025-11-12') from t;
  perform test.make_invoice(account_id, 700, '2025-11-13', '2025-11-14') from t;
end
$$;
insert into doc.credit_note (account_id, amount, doc_date)
select account_id, 700, '2025-11-30' from t;
select results_eq(
  'select settled_count, measured_amount, score from bi.behaviour join t using (account_id)',
  $$ values (3::bigint, 600::numeric, 83.8) $$,
  'an opening balance and returned goods stay out'
);

select results_eq(
  format(
    'select class, score, settled_count, variance_days, trend_days from bi.behaviour'
    ' where account_id = %s', test.make_account()
  ),
  $$ values ('no_history', null::numeric, 0::bigint, null::numeric, null::numeric) $$,
  'of an account without documents nothing is known'
);

-- Half of each is paid, the other half written off.
create temp table lost as select test.make_account() as account_id;
do $$
begin
  perform test.make_invoice(account_id, 100, day, day), test.make_payment(account_id, 50, day + late)
  from lost, (values (date '2025-06-01', 10), ('2025-11-01', 5)) as v (day, late);
end
$$;
insert into doc.adjustment (account_id, kind, amount, doc_date, invoice_id)
select i.account_id, 'write_off', 50, i.doc_date + 20, i.invoice_id
from doc.invoice as i join lost using (account_id);
select results_eq(
  $$
    select before_lateness_days, recent_lateness_days, trend_days
    from bi.behaviour join lost using (account_id)
  $$,
  $$ values (15.00, 12.50, -2.50) $$,
  'what was written off is in the trend: (50·10 + 50·20) / 100 before, (50·5 + 50·20) / 100'
);

select * from finish();

rollback;
