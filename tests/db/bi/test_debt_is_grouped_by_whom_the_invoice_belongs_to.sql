-- Open amounts and their depth by salesperson, region and agency of the invoice.
begin;

select plan(4);

select test.make_settled_book();

prepare by_salesperson as
select
  salesperson_code, side, currency, invoice_count, open_amount, overdue_amount, debt_depth,
  debt_depth_days, risky_amount, risky_share, not_due, d1_30, d31_60, d61_90, d91_120, over_120
from bi.debt_by_salesperson;

select results_eq(
  'by_salesperson',
  $$
    values (
      'S1', 'receivable', 'IRR', 1::bigint, 200.0, 200.0, 1400.0,
      7.00, 0.0, 0.0, 0.0, 200.0, 0.0, 0.0, 0.0, 0.0
    )
  $$,
  '200 open, 7 days past due'
);
select results_eq(
  'select region_code, open_amount, debt_depth from bi.debt_by_region',
  $$values ('R1', 200.0, 1400.0)$$,
  'by region'
);
select results_eq(
  'select agency_code, open_amount, debt_depth from bi.debt_by_agency',
  $$values ('A1', 200.0, 1400.0)$$,
  'by agency'
);
select set_config('rasid.today', '2025-07-15', true);
select results_eq(
  'select risky_amount, risky_share, d1_30, d91_120, over_120 from bi.debt_by_salesperson',
  $$values (200.0, 1.0, 0.0, 0.0, 200.0)$$,
  'in July it is risky and over 120 days past due'
);

select * from finish();

rollback;
