-- The figures of an invoice (docs/figures.md), once, for bi.invoice and bi.invoice_as_of().

create or replace function calc.invoice_figure(
  p_kind text,
  p_doc_date date,
  p_amount numeric,
  p_tolerance_days int,
  p_today date,
  p_open_amount numeric,
  p_credited_amount numeric,
  p_paid_amount numeric,
  p_cleared_amount numeric,
  p_written_off_amount numeric,
  p_due_money_days numeric,
  p_net_due_money_days numeric,
  p_value_money_days numeric,
  p_variance_money_days numeric,
  p_debt_depth numeric,
  p_days_past_due int,
  p_last_effective_date date
)
returns table (
  status text,
  is_collected boolean,
  net_amount numeric,
  committed_ras date,
  committed_days numeric,
  settlement_ras date,
  settlement_days numeric,
  variance_days numeric,
  timing text,
  settled_on date,
  settlement_period_days numeric,
  debt_age_days int,
  debt_depth_days numeric,
  committed_money_days numeric,
  settlement_money_days numeric,
  variance_money_days numeric
)
language sql
immutable
parallel safe
as $$
  select
    case
      when p_open_amount is null then 'void'
      when p_open_amount = 0 then 'settled'
      when p_open_amount = p_amount then 'open'
      else 'partial'
    end,
    coalesce(
      p_open_amount = 0
      and p_paid_amount > 0
      and p_cleared_amount = p_paid_amount
      and p_written_off_amount = 0,
      false
    ),
    coalesce(p_amount - p_credited_amount, 0),
    case
      when p_amount > p_credited_amount
        then calc.ras_date(p_amount - p_credited_amount, p_net_due_money_days)
      else calc.ras_date(case when p_open_amount is not null then p_amount end, p_due_money_days)
    end,
    round(
      case
        when p_amount > p_credited_amount
          then p_net_due_money_days / (p_amount - p_credited_amount)
        else p_due_money_days / p_amount
      end - (p_doc_date - date '2000-01-01'),
      2
    ),
    calc.ras_date(p_paid_amount, p_value_money_days),
    round(
      p_value_money_days / nullif(p_paid_amount, 0) - (p_doc_date - date '2000-01-01'), 2
    ),
    case
      when p_kind not in ('opening', 'refund')
        then round(p_variance_money_days / nullif(p_paid_amount, 0), 2)
    end,
    case
      when p_kind in ('opening', 'refund') then null
      when p_open_amount > 0 then case when p_days_past_due > p_tolerance_days then 'late' end
      when p_variance_money_days > p_tolerance_days * p_paid_amount then 'late'
      when p_variance_money_days < -p_tolerance_days * p_paid_amount then 'early'
      when p_paid_amount > 0 then 'on_time'
    end,
    case when p_open_amount = 0 then p_last_effective_date end,
    case
      when p_open_amount = 0 and p_kind not in ('opening', 'refund')
        then round(
          p_value_money_days / nullif(p_paid_amount, 0) - (p_doc_date - date '2000-01-01'), 2
        )
    end,
    case when p_open_amount > 0 then p_today - p_doc_date end,
    round(p_debt_depth / nullif(p_open_amount, 0), 2),
    case
      when p_kind not in ('opening', 'refund')
        then p_net_due_money_days
          - (p_amount - p_credited_amount) * (p_doc_date - date '2000-01-01')
    end,
    case
      when p_kind not in ('opening', 'refund')
        then p_value_money_days - p_paid_amount * (p_doc_date - date '2000-01-01')
    end,
    case when p_kind not in ('opening', 'refund') then p_variance_money_days end
$$;

comment on function calc.invoice_figure(text, date, numeric, int, date, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, int, date) is
  'Figures of one invoice from the sums over its lines (docs/figures.md); sums null: the invoice is void. Products count days from 2000-01-01 going in.';
