create or replace view bi.cash_forecast_by_jalali_month as
select
  f.side,
  f.currency,
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
  c.jalali_year,
  c.jalali_month,
  c.jalali_month_name;

comment on view bi.cash_forecast_by_jalali_month is
  'The cash forecast by Jalali month. Key: side, currency, jalali_year, jalali_month.';
comment on column bi.cash_forecast_by_jalali_month.side is 'receivable: to come in; payable: to go out.';
comment on column bi.cash_forecast_by_jalali_month.currency is 'Currency of every amount in the row.';
comment on column bi.cash_forecast_by_jalali_month.jalali_year is 'Jalali year of expected_on.';
comment on column bi.cash_forecast_by_jalali_month.jalali_month is 'Jalali month of expected_on, 1 to 12.';
comment on column bi.cash_forecast_by_jalali_month.jalali_month_name is 'Its Persian name.';
comment on column bi.cash_forecast_by_jalali_month.item_count is 'Open lines and cheques.';
comment on column bi.cash_forecast_by_jalali_month.amount is 'certain_amount + doubtful_amount.';
comment on column bi.cash_forecast_by_jalali_month.certain_amount is 'What is certain of it, as in bi.cash_forecast.';
comment on column bi.cash_forecast_by_jalali_month.doubtful_amount is 'What is doubtful of it.';
