-- As calc.settle_lines().

create or replace function calc.settle_credits(
  p_credit calc.credit[],
  p_allocation calc.allocation[]
)
returns calc.credit[]
language plpgsql
immutable
set plan_cache_mode = force_generic_plan
set enable_nestloop = off
set enable_hashagg = off
as $$
begin
  return array(
    select
      row(
        c.account_id,
        c.credit_id,
        c.credit_type,
        c.doc_date,
        c.turn_on,
        c.value_date,
        c.is_auto,
        c.is_cleared,
        c.is_write_off,
        c.named_invoice_id,
        c.amount,
        c.amount - coalesce(a.amount, 0),
        c.amount > coalesce(a.amount, 0)
      )::calc.credit
    from unnest(p_credit) c
    left join (
      select a.account_id, a.credit_id, sum(a.amount) as amount
      from unnest(p_allocation) a
      group by a.account_id, a.credit_id
    ) a on a.account_id = c.account_id and a.credit_id = c.credit_id
  );
end
$$;

comment on function calc.settle_credits(calc.credit[], calc.allocation[]) is
  'The credits with what their allocations leave of them.';
