-- Settlement by whom and by month: means from sums, median and 90th percentile over the invoices.
begin;

select plan(12);

select test.make_settled_book();

create function pg_temp.figures(p_view text, p_where text default 'true')
returns setof text
language plpgsql
as $$
begin
  return query execute format(
    $q$
      select concat_ws(
        ' ', side, currency, invoice_count, amount, paid_amount,
        settlement_period_days, settlement_median_days, settlement_p90_days,
        variance_days, variance_median_days, variance_p90_days,
        settlement_money_days, variance_money_days
      )
      from bi.%I
      where %s
    $q$,
    p_view, p_where
  );
end
$$;

create temporary table expected as
select 'receivable IRR 2 400.00 400.00 37.00 34.00 38.80 7.00 4.00 8.80 14800 2800' as figures;

select is(replace(replace(f, '400.00', '400'), '.00 ', ' '), replace(replace(e.figures, '400.00', '400'), '.00 ', ' '), v || ' adds up')
from expected e
cross join unnest(array[
  'settlement_by_salesperson', 'settlement_by_region', 'settlement_by_agency',
  'settlement_by_party', 'settlement_by_month', 'settlement_by_jalali_month',
  'settlement_by_settlement_month'
]) v
cross join lateral pg_temp.figures(v) f;

select is(
  (select array_agg(concat_ws(' ', salesperson_code, salesperson_name)) from bi.settlement_by_salesperson),
  array['S1 Ava'],
  'it bears the salesperson''s name'
);
select is(
  (select array_agg(month || ' ' || gregorian_month) from bi.settlement_by_settlement_month),
  array['2025-02-01 2'],
  'both were settled in February'
);
select is(
  (
    select array_agg(concat_ws(' ', jalali_year, jalali_month, jalali_month_name, first_day, invoice_count) order by first_day)
    from bi.settlement_by_jalali_settlement_month
  ),
  array['1403 11 بهمن 2025-01-20 1', '1403 12 اسفند 2025-02-19 1'],
  'in two Jalali months'
);
select is(
  (select array_agg(concat_ws(' ', jalali_year, jalali_month, first_day)) from bi.settlement_by_jalali_month),
  array['1403 10 2024-12-21'],
  'sold in one'
);
select is(
  (
    select concat_ws(' ', count(*), sum(invoice_count), sum(settlement_money_days) / sum(paid_amount))
    from bi.settlement
    where salesperson_name = 'Ava'
  )::text like '2 2 37%',
  true,
  'bi.settlement adds up to the same mean'
);

select * from finish();

rollback;
