-- In PL/pgSQL for its plan, as calc.settle(): as SQL it would be planned anew for the arrays of
-- each call.

create or replace function calc.settle_accounts(
  p_account_ids bigint[],
  p_line calc.line[],
  p_credit calc.credit[]
)
returns table (
  account_id bigint,
  last_line_turn bigint,
  last_credit_turn bigint,
  paid_amount numeric,
  settlement_money_days numeric,
  variance_money_days numeric
)
language plpgsql
immutable
set plan_cache_mode = force_generic_plan
set enable_nestloop = off
as $$
begin
  return query
  select
    a.account_id,
    coalesce(l.last_turn, 0),
    coalesce(c.last_turn, 0),
    coalesce(l.paid_amount, 0),
    coalesce(l.settlement_money_days, 0),
    coalesce(l.variance_money_days, 0)
  from unnest(p_account_ids) a(account_id)
  left join (
    select
      l.account_id,
      max(calc.turn(l.doc_date, false, l.invoice_id)) as last_turn,
      sum(l.paid_amount) filter (where l.is_measured) as paid_amount,
      sum(l.value_money_days - l.paid_amount * (l.doc_date - date '2000-01-01'))
        filter (where l.is_measured) as settlement_money_days,
      sum(l.value_money_days - l.paid_amount * (l.due_date - date '2000-01-01'))
        filter (where l.is_measured) as variance_money_days
    from unnest(p_line) l
    group by l.account_id
  ) l on l.account_id = a.account_id
  left join (
    select c.account_id, max(calc.turn(c.turn_on, true, c.credit_id)) as last_turn
    from unnest(p_credit) c
    group by c.account_id
  ) c on c.account_id = a.account_id;
end
$$;

comment on function calc.settle_accounts(bigint[], calc.line[], calc.credit[]) is
  'What calc.account keeps of some accounts, from their lines and credits.';
