create or replace view bi.cash_forecast_by_week as
select
  f.side,
  f.currency,
  f.expected_on - c.weekday as week_from,
  min(f.expected_on) as first_on,
  count(*) as item_count,
  sum(f.amount) as amount,
  sum(f.certain_amount) as certain_amount,
  sum(f.doubtful_amount) as doubtful_amount
from bi.cash_forecast f
join ref.calendar c on c.day = f.expected_on
group by
  f.side,
  f.currency,
  f.expected_on - c.weekday;

comment on view bi.cash_forecast_by_week is
  'The cash forecast by week, Saturday to Friday. Key: side, currency, week_from.';
comment on column bi.cash_forecast_by_week.side is 'receivable: to come in; payable: to go out.';
comment on column bi.cash_forecast_by_week.currency is 'Currency of every amount in the row.';
comment on column bi.cash_forecast_by_week.week_from is 'The Saturday with which the week begins.';
comment on column bi.cash_forecast_by_week.first_on is 'First day of it on which something is expected.';
comment on column bi.cash_forecast_by_week.item_count is 'Open lines and cheques.';
comment on column bi.cash_forecast_by_week.amount is 'certain_amount + doubtful_amount.';
comment on column bi.cash_forecast_by_week.certain_amount is 'What is certain of it, as in bi.cash_forecast.';
comment on column bi.cash_forecast_by_week.doubtful_amount is 'What is doubtful of it.';
