-- The figures of the cash forecast, once, for bi.cash_forecast and bi.cash_forecast_as_of().

create or replace function calc.forecast_figure(
  p_today date,
  p_is_cheque boolean,
  p_due_date date,
  p_amount numeric,
  p_is_disputed boolean,
  p_risk_days int,
  p_delay_days numeric,
  p_clearing_rate numeric
)
returns table (
  expected_on date,
  certain_amount numeric,
  doubtful_amount numeric
)
language sql
immutable
parallel safe
as $$
  select
    greatest(
      p_today,
      p_due_date + case when p_is_cheque then 0 else floor(p_delay_days + 0.5)::int end
    ),
    c.certain_amount,
    p_amount - c.certain_amount
  from (
    select case
      when p_is_cheque then round(p_amount * p_clearing_rate, 2)
      when p_is_disputed or p_today - p_due_date > p_risk_days then 0
      else p_amount
    end as certain_amount
  ) c
$$;

comment on function calc.forecast_figure(date, boolean, date, numeric, boolean, int, numeric, numeric) is
  'When the open part of a line, or a cheque, is expected, and how much of it is certain. A line: its due date and the delay, never before today; doubtful when disputed or in the risky zone. A cheque: its day, never before today; certain by the clearing rate.';
