-- Sales, receipts, DSO, best possible DSO, days delinquent and effectiveness, month by month.
begin;

select plan(7);

select test.make_settled_book();

select results_eq(
  $$
    select
      month, ends_on, days, opening_receivable, sales_amount, receipt_amount, ending_receivable,
      ending_current, dso_days, best_possible_dso_days, average_days_delinquent,
      collection_effectiveness_index
    from bi.collection_by_month
    where currency = 'IRR'
    order by month
  $$,
  $$
    values
      (date '2025-01-01', date '2025-01-31', 31, 0.0, 400.0, 60.0, 340.0, 340.0,
        26.35, 26.35, 0.0, 100.0),
      ('2025-02-01', '2025-02-28', 28, 340.0, 200.0, 340.0, 200.0, 200.0,
        28.0, 28.0, 0.0, 100.0),
      ('2025-03-01', '2025-03-10', 10, 200.0, 0.0, 0.0, 200.0, 0.0,
        null, null, null, 0.0)
  $$,
  'each Gregorian month, the present one up to today'
);
select results_eq(
  $$
    select
      jalali_year, jalali_month, first_day, ends_on, sales_amount, receipt_amount,
      ending_receivable, ending_current
    from bi.collection_by_jalali_month
    where currency = 'IRR'
    order by first_day
  $$,
  $$
    values
      (1403, 10, date '2024-12-21', date '2025-01-19', 400.0, 0.0, 400.0, 400.0),
      (1403, 11, '2025-01-20', '2025-02-18', 200.0, 100.0, 500.0, 200.0),
      (1403, 12, '2025-02-19', '2025-03-10', 0.0, 300.0, 200.0, 0.0)
  $$,
  'each Jalali month'
);
select results_eq(
  $$
    select month, sales_amount, receipt_amount, ending_receivable
    from bi.collection_by_month
    where currency = 'USD'
    order by month
    limit 2
  $$,
  $$values (date '2024-12-01', 0.0, 0.0, 50.0), ('2025-01-01', 0.0, 50.0, 0.0)$$,
  'an opening balance is a receivable but no sale'
);
insert into doc.payment (account_id, doc_date, amount)
select a.account_id, d.day, d.amount
from ref.account a
cross join (values (date '2025-03-05', 70), ('2025-03-20', 8)) as d (day, amount)
where a.currency = 'USD';
insert into doc.credit_note (account_id, doc_date, amount)
select a.account_id, '2025-03-06', 15 from ref.account a where a.currency = 'USD';
select results_eq(
  $$
    select sales_amount, receipt_amount, ending_receivable
    from bi.collection_by_month
    where currency = 'USD' and month = '2025-03-01'
  $$,
  $$values (0.0, 70.0, 0.0)$$,
  'money that is left over was received too: no note, and none that is dated after today'
);

do $$
declare
  v_account_id bigint := test.make_account(p_currency => 'EUR');
begin
  perform test.make_invoice(v_account_id, 6200, '2025-01-10', '2024-11-20');
  perform test.make_payment(v_account_id, 6199, '2025-01-20');
end
$$;
select results_eq(
  $$
    select month, dso_days, average_days_delinquent
    from bi.collection_by_month
    where currency = 'EUR' and sales_amount > 0
  $$,
  $$values (date '2025-01-01', 0.01, 0.01)$$,
  '1 · 31 / 6200 = 0.005: a tie, found only when multiplied first'
);
select is(
  (select min(month) from bi.collection_by_month where currency = 'EUR'), date '2025-01-01',
  'what fell due before its document begins no month'
);
do $$
begin
  perform test.make_invoice(test.make_account(p_currency => 'AED'), 10, '2025-01-31'),
    test.make_payment(test.make_account('payable', 'AED'), 10, '2025-03-20');
end
$$;
select results_eq(
  $$
    select side, min(month) from bi.collection_by_month where currency = 'AED' group by side
  $$,
  $$values ('receivable', date '2025-01-01')$$,
  'from the month of the first day on, its last day too; there is none before that day has come'
);

select * from finish();

rollback;
