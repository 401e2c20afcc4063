create or replace function calc.organisation_delay()
returns table (
  side text,
  currency text,
  delay_days numeric
)
language sql
stable
parallel safe
as $$
  select
    a.side,
    a.currency,
    round(sum(k.variance_money_days) / nullif(sum(k.paid_amount), 0), 2)
  from calc.account k
  join ref.account a on a.account_id = k.account_id
  group by a.side, a.currency
$$;

comment on function calc.organisation_delay() is
  'How late the whole book settles, by side and currency: Σ money·(value date − due date) / Σ money, over all time and all invoices but opening and refund.';
