create or replace view bi.cash_forecast_by_region as
select
  f.side,
  f.currency,
  f.region_id,
  f.region_name,
  c.jalali_year,
  c.jalali_month,
  c.jalali_month_name,
  count(*) as item_count,
  sum(f.amount) as amount,
  sum(f.certain_amount) as certain_amount,
  sum(f.doubtful_amount) as doubtful_amount
from bi.cash_forecast f
join ref.calendar c on c.day = f.expected_on
group by
  f.side,
  f.currency,
  f.region_id,
  f.region_name,
  c.jalali_year,
  c.jalali_month,
  c.jalali_month_name;

comment on view bi.cash_forecast_by_region is
  'The cash forecast by region and Jalali month. Key: side, currency, region_id, jalali_year, jalali_month.';
comment on column bi.cash_forecast_by_region.side is 'receivable: to come in; payable: to go out.';
comment on column bi.cash_forecast_by_region.currency is 'Currency of every amount in the row.';
comment on column bi.cash_forecast_by_region.region_id is 'Of the invoice; of a cheque, the party''s at present; null: none.';
comment on column bi.cash_forecast_by_region.region_name is 'Name of the region.';
comment on column bi.cash_forecast_by_region.jalali_year is 'Jalali year of expected_on.';
comment on column bi.cash_forecast_by_region.jalali_month is 'Jalali month of expected_on, 1 to 12.';
comment on column bi.cash_forecast_by_region.jalali_month_name is 'Its Persian name.';
comment on column bi.cash_forecast_by_region.item_count is 'Open lines and cheques.';
comment on column bi.cash_forecast_by_region.amount is 'certain_amount + doubtful_amount.';
comment on column bi.cash_forecast_by_region.certain_amount is 'What is certain of it, as in bi.cash_forecast.';
comment on column bi.cash_forecast_by_region.doubtful_amount is 'What is doubtful of it.';
