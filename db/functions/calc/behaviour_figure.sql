-- The figures of payment behaviour over one window, once, for the two windows of bi.behaviour.

create or replace function calc.behaviour_figure(
  p_tolerance_days int,
  p_settled_count bigint,
  p_early_amount numeric,
  p_on_time_amount numeric,
  p_paid_late_amount numeric,
  p_written_off_amount numeric,
  p_overdue_amount numeric,
  p_variance_money_days numeric,
  p_late_money_days numeric,
  p_bounced_count bigint,
  p_bounced_amount numeric,
  p_presented_amount numeric
)
returns table (
  class text,
  score numeric,
  settled_count bigint,
  settled_amount numeric,
  early_amount numeric,
  on_time_amount numeric,
  paid_late_amount numeric,
  written_off_amount numeric,
  overdue_amount numeric,
  late_amount numeric,
  measured_amount numeric,
  early_share numeric,
  on_time_share numeric,
  late_share numeric,
  variance_days numeric,
  lateness_days numeric,
  bounced_count bigint,
  bounced_amount numeric,
  presented_amount numeric,
  bounced_share numeric,
  variance_money_days numeric,
  lateness_money_days numeric
)
language sql
immutable
parallel safe
as $$
  select
    case
      when s.settled_count < 3 then 'no_history'
      when w.money_days > p_tolerance_days * w.measured_amount
        then case
          when w.late_amount >= 0.6 * w.measured_amount then 'structurally_late'
          else 'late'
        end
      when w.money_days < -p_tolerance_days * w.measured_amount then 'early'
      else 'on_time'
    end,
    case
      when w.measured_amount > 0 or s.bounced_count > 0
        then round(
          100
          - least(60, 2 * greatest(0, coalesce(w.money_days / nullif(w.measured_amount, 0), 0)))
          - least(25, 25 * coalesce(w.late_amount / nullif(w.measured_amount, 0), 0))
          - least(15, 5 * s.bounced_count),
          1
        )
    end,
    s.settled_count,
    w.settled_amount,
    s.early_amount,
    s.on_time_amount,
    s.paid_late_amount,
    s.written_off_amount,
    s.overdue_amount,
    w.late_amount,
    w.measured_amount,
    round(s.early_amount / nullif(w.measured_amount, 0), 4),
    round(s.on_time_amount / nullif(w.measured_amount, 0), 4),
    round(w.late_amount / nullif(w.measured_amount, 0), 4),
    round(s.variance_money_days / nullif(w.settled_amount, 0), 2),
    round(w.money_days / nullif(w.measured_amount, 0), 2),
    s.bounced_count,
    s.bounced_amount,
    s.presented_amount,
    round(s.bounced_amount / nullif(s.presented_amount, 0), 4),
    s.variance_money_days,
    w.money_days
  from (
    select
      p_settled_count as settled_count,
      p_early_amount as early_amount,
      p_on_time_amount as on_time_amount,
      p_paid_late_amount as paid_late_amount,
      p_written_off_amount as written_off_amount,
      coalesce(p_overdue_amount, 0) as overdue_amount,
      p_variance_money_days as variance_money_days,
      p_late_money_days as late_money_days,
      coalesce(p_bounced_count, 0) as bounced_count,
      coalesce(p_bounced_amount, 0) as bounced_amount,
      coalesce(p_presented_amount, 0) as presented_amount
  ) s
  cross join lateral (
    select
      s.early_amount + s.on_time_amount + s.paid_late_amount as settled_amount,
      s.paid_late_amount + s.written_off_amount + s.overdue_amount as late_amount,
      s.early_amount + s.on_time_amount + s.paid_late_amount
        + s.written_off_amount + s.overdue_amount as measured_amount,
      s.variance_money_days + s.late_money_days as money_days
  ) w
$$;

comment on function calc.behaviour_figure(int, bigint, numeric, numeric, numeric, numeric, numeric, numeric, numeric, bigint, numeric, numeric) is
  'Class, score and what they are made of, of one account in one window, from sums: money by timing of its settled invoices, written off, overdue past the tolerance; p_variance_money_days of the money, p_late_money_days of the other two; cheques presented are those that cleared or bounced. Null, of what is overdue and of cheques: none.';
