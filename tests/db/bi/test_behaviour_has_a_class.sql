-- The classes of behaviour, at their edges. Tolerance: 3 days.
begin;

select plan(13);

set local rasid.today = '2025-12-31';

-- An account that settled an invoice each month: so much, so many days late.
create function pg_temp.account(p_days int[], p_amounts numeric[] default '{100,100,100,100}')
returns bigint
language plpgsql
as $$
declare
  v_account_id bigint := test.make_account();
  v_due date := '2025-02-01';
begin
  for i in 1..cardinality(p_days) loop
    perform test.make_invoice(v_account_id, p_amounts[i], v_due - 20, v_due);
    perform test.make_payment(v_account_id, p_amounts[i], v_due + p_days[i]);
    v_due := v_due + 60;
  end loop;
  return v_account_id;
end
$$;

create temp table v (class, account_id, description) as
values
  ('no_history', pg_temp.account('{40,40}'), 'two settled invoices are no history'),
  ('structurally_late', pg_temp.account('{40,40,40}'), 'three are'),
  ('early', pg_temp.account('{-4,-4,-4}'), 'early by more than the tolerance'),
  ('on_time', pg_temp.account('{-3,-3,-3}'), 'early by the tolerance'),
  ('on_time', pg_temp.account('{3,3,3}'), 'late by the tolerance'),
  ('structurally_late', pg_temp.account('{4,4,4}'), 'late by more, all of it'),
  ('late', pg_temp.account('{0,0,20}'), 'late on average, a third of it'),
  ('structurally_late', pg_temp.account('{0,0,10}', '{20,20,60}'), '60 % of it'),
  ('late', pg_temp.account('{0,0,10}', '{20,20.01,60}'), 'a little under 60 %'),
  ('on_time', pg_temp.account('{-8,5,5}'), 'two thirds late, but not on average');
select is(b.class, v.class, v.description)
from v join bi.behaviour as b using (account_id)
order by account_id;

-- Windows end today: 12 months back, and 3.
create temp table t as select pg_temp.account('{0,0,0}') as account_id;
set local rasid.today = '2026-02-01';
select is(
  (select settled_count from bi.behaviour join t using (account_id)), 2::bigint,
  'what was settled 12 months ago to the day is out'
);
set local rasid.today = '2026-01-31';
select is(
  (select settled_count from bi.behaviour join t using (account_id)), 3::bigint,
  'what was settled the day after is in'
);
select is(
  (select all_settled_count from bi.behaviour join t using (account_id)), 3::bigint,
  'all time has all of it'
);

select * from finish();

rollback;
