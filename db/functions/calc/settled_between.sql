-- What an account settled in a window, once, for the windows of bi.behaviour and bi.cash_forecast.

create or replace function calc.settled_between(
  p_till calc.behaviour_sum,
  p_before calc.behaviour_sum
)
returns table (
  settled_count bigint,
  settled_amount numeric,
  early_amount numeric,
  on_time_amount numeric,
  paid_late_amount numeric,
  written_off_amount numeric,
  variance_money_days numeric,
  late_money_days numeric
)
language sql
immutable
parallel safe
as $$
  select
    s.settled_count,
    s.early_amount + s.on_time_amount + s.paid_late_amount,
    s.early_amount,
    s.on_time_amount,
    s.paid_late_amount,
    s.written_off_amount,
    s.variance_money_days,
    s.late_money_days
  from (
    select
      coalesce((p_till).settled_count, 0) - coalesce((p_before).settled_count, 0)
        as settled_count,
      coalesce((p_till).early_amount, 0) - coalesce((p_before).early_amount, 0)
        as early_amount,
      coalesce((p_till).on_time_amount, 0) - coalesce((p_before).on_time_amount, 0)
        as on_time_amount,
      coalesce((p_till).paid_late_amount, 0) - coalesce((p_before).paid_late_amount, 0)
        as paid_late_amount,
      coalesce((p_till).written_off_amount, 0) - coalesce((p_before).written_off_amount, 0)
        as written_off_amount,
      coalesce((p_till).variance_money_days, 0) - coalesce((p_before).variance_money_days, 0)
        as variance_money_days,
      coalesce((p_till).late_money_days, 0) - coalesce((p_before).late_money_days, 0)
        as late_money_days
  ) s
$$;

comment on function calc.settled_between(calc.behaviour_sum, calc.behaviour_sum) is
  'What an account settled after the day of one sum of calc.account_behaviour (null: from the beginning) to the day of another (null: nothing was settled).';
