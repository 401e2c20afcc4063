-- The figures of an account (docs/figures.md), once, for bi.account and bi.account_as_of().

create or replace function calc.account_figure(
  p_today date,
  p_credit_limit numeric,
  p_open_amount numeric,
  p_blocked_amount numeric,
  p_doc_money_days numeric,
  p_due_money_days numeric,
  p_overdue_amount numeric,
  p_debt_depth numeric,
  p_risky_amount numeric,
  p_unapplied_amount numeric,
  p_uncleared_amount numeric,
  p_uncleared_money_days numeric,
  p_bounced_amount numeric,
  p_settled_paid_amount numeric,
  p_settlement_money_days numeric,
  p_variance_money_days numeric
)
returns table (
  open_amount numeric,
  unapplied_amount numeric,
  balance numeric,
  blocked_amount numeric,
  uncleared_amount numeric,
  uncleared_ras date,
  bounced_amount numeric,
  exposure_amount numeric,
  credit_room numeric,
  debt_ras date,
  debt_age_days numeric,
  due_ras date,
  overdue_amount numeric,
  debt_depth numeric,
  debt_depth_days numeric,
  risky_amount numeric,
  risky_share numeric,
  settled_paid_amount numeric,
  settlement_period_days numeric,
  variance_days numeric,
  settlement_money_days numeric,
  variance_money_days numeric
)
language sql
immutable
parallel safe
as $$
  select
    coalesce(p_open_amount, 0),
    coalesce(p_unapplied_amount, 0),
    coalesce(p_open_amount, 0) - coalesce(p_unapplied_amount, 0),
    coalesce(p_blocked_amount, 0),
    coalesce(p_uncleared_amount, 0),
    calc.ras_date(p_uncleared_amount, p_uncleared_money_days),
    coalesce(p_bounced_amount, 0),
    coalesce(p_open_amount, 0) - coalesce(p_unapplied_amount, 0) + coalesce(p_uncleared_amount, 0),
    p_credit_limit
      - (
        coalesce(p_open_amount, 0) - coalesce(p_unapplied_amount, 0)
        + coalesce(p_uncleared_amount, 0)
      ),
    calc.ras_date(p_open_amount, p_doc_money_days),
    round((p_today - date '2000-01-01') - p_doc_money_days / nullif(p_open_amount, 0), 2),
    calc.ras_date(p_open_amount, p_due_money_days),
    coalesce(p_overdue_amount, 0),
    coalesce(p_debt_depth, 0),
    round(p_debt_depth / nullif(p_open_amount, 0), 2),
    coalesce(p_risky_amount, 0),
    round(p_risky_amount / nullif(p_open_amount, 0), 4),
    p_settled_paid_amount,
    round(p_settlement_money_days / nullif(p_settled_paid_amount, 0), 2),
    round(p_variance_money_days / nullif(p_settled_paid_amount, 0), 2),
    p_settlement_money_days,
    p_variance_money_days
$$;

comment on function calc.account_figure(date, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric) is
  'Figures of one account from the sums over its open lines, left-over credits, uncleared cheques and settled invoices (docs/figures.md). Products count days from 2000-01-01 going in, but those of settled invoices, which count from the invoice and from the due date.';
