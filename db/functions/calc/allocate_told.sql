-- Stage 1 (docs/figures.md), a pure function of the documents. Nested loops over arrays, of which the
-- planner can't tell the length, would be quadratic.

create or replace function calc.allocate_told(
  p_line calc.line[],
  p_credit calc.credit[],
  p_told calc.told[]
)
returns setof calc.allocation
language plpgsql
immutable
set plan_cache_mode = force_generic_plan
set enable_nestloop = off
as $$
declare
  v record;
  v_done record;
begin
  -- The lines of an invoice side by side, as instructions go down them.
  p_line := array(
    select l
    from unnest(p_line) l
    order by l.account_id, l.invoice_id, l.due_date, l.line_no
  );
  select
    array_agg(t.account_id order by t.place) as account_id,
    array_agg(t.invoice_id order by t.place) as invoice_id,
    array_agg(t.credit_id order by t.place) as credit_id,
    array_agg(t.pin_id order by t.place) as pin_id,
    array_agg(t.amount order by t.place) as amount,
    array_agg(c.place::int order by t.place) as credit,
    array_agg(l.first_line order by t.place) as first_line,
    array_agg(l.last_line order by t.place) as last_line
  into v
  from unnest(p_told) with ordinality t(
    account_id, phase, told_on, told_id, credit_type, credit_id, invoice_id, pin_id, amount, place
  )
  join unnest(p_credit) with ordinality c(
    account_id, credit_id, credit_type, doc_date, turn_on, value_date, is_auto, is_cleared,
    is_write_off, named_invoice_id, amount, unapplied_amount, is_left, place
  )
    on c.account_id = t.account_id
    and c.credit_id = t.credit_id
    and c.credit_type = t.credit_type
  join (
    select
      l.account_id,
      l.invoice_id,
      min(l.place)::int as first_line,
      max(l.place)::int as last_line
    from unnest(p_line) with ordinality l(
      account_id, invoice_id, line_no, doc_date, due_date, rank_on, is_auto, is_measured, amount,
      open_amount, credited_amount, written_off_amount, paid_amount, cleared_amount,
      value_money_days, last_effective_date, is_open, place
    )
    group by l.account_id, l.invoice_id
  ) l on l.account_id = t.account_id and l.invoice_id = t.invoice_id;
  if v.credit is null then
    return;
  end if;

  v_done := calc.replay_told(
    v.credit,
    v.first_line,
    v.last_line,
    v.amount,
    array(select l.amount from unnest(p_line) l),
    array(select c.amount from unnest(p_credit) c)
  );
  return query
  select
    l.account_id,
    l.invoice_id,
    v.credit_id[u.told],
    v.pin_id[u.told],
    l.line_no,
    null::date,
    case when v.pin_id[u.told] > 0 then 'pin' else 'linked' end,
    u.amount
  from unnest(v_done.r_told, v_done.r_line, v_done.r_amount) u(told, line, amount)
  join unnest(p_line) with ordinality l(
    account_id, invoice_id, line_no, doc_date, due_date, rank_on, is_auto, is_measured, amount,
    open_amount, credited_amount, written_off_amount, paid_amount, cleared_amount,
    value_money_days, last_effective_date, is_open, place
  ) on l.place = u.line;
end
$$;

comment on function calc.allocate_told(calc.line[], calc.credit[], calc.told[]) is
  'Allocations of stage 1, instructions in their order. One whose credit or invoice is not given has no effect.';
