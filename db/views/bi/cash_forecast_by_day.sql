create or replace view bi.cash_forecast_by_day as
select
  f.side,
  f.currency,
  f.expected_on,
  c.jalali_text as jalali_date,
  c.is_working_day,
  count(*) as item_count,
  sum(f.amount) as amount,
  sum(f.certain_amount) as certain_amount,
  sum(f.doubtful_amount) as doubtful_amount
from bi.cash_forecast f
join ref.calendar c on c.day = f.expected_on
group by
  f.side,
  f.currency,
  f.expected_on,
  c.jalali_text,
  c.is_working_day;

comment on view bi.cash_forecast_by_day is
  'The cash forecast by day. Key: side, currency, expected_on.';
comment on column bi.cash_forecast_by_day.side is 'receivable: to come in; payable: to go out.';
comment on column bi.cash_forecast_by_day.currency is 'Currency of every amount in the row.';
comment on column bi.cash_forecast_by_day.expected_on is 'The day on which it is expected.';
comment on column bi.cash_forecast_by_day.jalali_date is 'That day as it is written, 1404/05/06.';
comment on column bi.cash_forecast_by_day.is_working_day is 'Whether banks work that day: neither Friday nor a holiday.';
comment on column bi.cash_forecast_by_day.item_count is 'Open lines and cheques.';
comment on column bi.cash_forecast_by_day.amount is 'certain_amount + doubtful_amount.';
comment on column bi.cash_forecast_by_day.certain_amount is 'What is certain of it, as in bi.cash_forecast.';
comment on column bi.cash_forecast_by_day.doubtful_amount is 'What is doubtful of it.';
