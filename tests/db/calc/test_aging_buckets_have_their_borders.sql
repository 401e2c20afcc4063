-- By due date: due today is not overdue, 30 days late is in d1_30. The buckets add up.
begin;

select plan(4);

set local rasid.today = '2025-06-30';
call test.open();
call test.open('b');

insert into doc.invoice (account_id, doc_date, due_date, amount)
select test.account(), '2025-01-01', date '2025-06-30' - v.days, v.amount
from (
  values
    (-1, 1), (0, 2), (1, 4), (30, 8), (31, 16), (60, 32), (61, 64), (90, 128), (91, 256),
    (120, 512), (121, 1024), (180, 2048)
) as v (days, amount);
insert into doc.payment (account_id, doc_date, amount, auto_allocate)
values (test.account(), '2025-06-01', 95, false);
select results_eq(
  $$
    select not_due, d1_30, d31_60, d61_90, d91_120, over_120, open_amount, unapplied_amount, balance
    from bi.aging
    where account_id = test.account()
  $$,
  $$
    values (
      3::numeric, 12::numeric, 48::numeric, 192::numeric, 768::numeric, 3072::numeric,
      4095::numeric, 95::numeric, 4000::numeric
    )
  $$,
  'the borders'
);
set local rasid.today = '2025-07-01';
select is(
  (
    select (not_due, d1_30, d31_60, d61_90, d91_120, over_120)::text
    from bi.aging
    where account_id = test.account()
  ),
  '(1,6,24,96,384,3584)',
  'a day later nobody wrote anything, and all have moved on'
);
select is(
  (
    select (not_due, d1_30, d31_60, d61_90, d91_120, over_120, open_amount, balance)::text
    from bi.aging
    where account_id = test.account('b')
  ),
  '(0,0,0,0,0,0,0,0)',
  'an account without documents has a row'
);
select results_eq(
  $$select * from bi.aging_as_of('2025-06-30') where account_id = test.account()$$,
  $$
    select account_id, party_id, party_code, party_name, side, currency, salesperson_id,
      salesperson_name, region_id, region_name, agency_id, agency_name, 3::numeric, 12::numeric,
      48::numeric, 192::numeric, 768::numeric, 3072::numeric, 4095::numeric, 95::numeric,
      4000::numeric
    from bi.aging
    where account_id = test.account()
  $$,
  'and as of the day before it is as it was'
);

select * from finish();

rollback;
