-- The definition itself (DESIGN section 5), a pure function of the documents: stage 1, then stage 2.
-- Nested loops over arrays, of which the planner can't tell the length, would be quadratic.

create or replace function calc.allocate(
  p_line calc.line[],
  p_credit calc.credit[],
  p_told calc.told[],
  p_manual bigint[]
)
returns setof calc.allocation
language plpgsql
immutable
set plan_cache_mode = force_generic_plan
set enable_nestloop = off
as $$
declare
  v_line_told numeric[];
  v_credit_told numeric[];
  v_told record;
  v_told_done record;
  v record;
  v_done record;
begin
  -- Stage 1
  select
    array_agg(t.pin_id order by t.place) as pin_id,
    array_agg(t.amount order by t.place) as amount,
    array_agg(t.credit order by t.place) as credit,
    array_agg(t.first_line order by t.place) as first_line,
    array_agg(t.last_line order by t.place) as last_line
  into v_told
  from (
    select
      t.pin_id,
      t.amount,
      c.place::int as credit,
      l.first_line,
      l.last_line,
      t.place
    from unnest(p_told) with ordinality t(
      account_id, phase, told_on, told_id, credit_id, invoice_id, pin_id, amount, place
    )
    join unnest(p_credit) with ordinality c(
      account_id, credit_id, credit_type, doc_date, turn_on, value_date, is_auto, is_cleared,
      is_write_off, named_invoice_id, amount, unapplied_amount, place
    )
      on c.account_id = t.account_id
      and c.credit_id = t.credit_id
    join (
      select
        l.account_id,
        l.invoice_id,
        min(l.place)::int as first_line,
        max(l.place)::int as last_line
      from unnest(p_line) with ordinality l(
        account_id, invoice_id, line_no, doc_date, due_date, rank_on, is_auto, is_measured, amount,
        open_amount, credited_amount, written_off_amount, paid_amount, cleared_amount,
        value_money_days, last_effective_date, place
      )
      group by l.account_id, l.invoice_id
    ) l on l.account_id = t.account_id and l.invoice_id = t.invoice_id
  ) t;
  if v_told.credit is not null then
    v_told_done := calc.replay_told(
      v_told.credit,
      v_told.first_line,
      v_told.last_line,
      v_told.amount,
      array(select l.amount from unnest(p_line) l),
      array(select c.amount from unnest(p_credit) c)
    );
    return query
    select
      p_line[u.line].account_id,
      p_line[u.line].invoice_id,
      p_credit[v_told.credit[u.told]].credit_id,
      v_told.pin_id[u.told],
      p_line[u.line].line_no,
      null::date,
      case when v_told.pin_id[u.told] > 0 then 'pin' else 'linked' end,
      u.amount
    from unnest(v_told_done.r_told, v_told_done.r_line, v_told_done.r_amount)
      u(told, line, amount);
    for i in 1 .. cardinality(v_told_done.r_amount) loop
      v_line_told[v_told_done.r_line[i]] :=
        coalesce(v_line_told[v_told_done.r_line[i]], 0) + v_told_done.r_amount[i];
      v_credit_told[v_told.credit[v_told_done.r_told[i]]] :=
        coalesce(v_credit_told[v_told.credit[v_told_done.r_told[i]]], 0) + v_told_done.r_amount[i];
    end loop;
  end if;

  -- Stage 2
  with item as (
    select
      l.account_id,
      false as is_credit,
      l.doc_date as turn_on,
      l.invoice_id as document_id,
      l.due_date,
      l.line_no,
      l.is_auto,
      null::bigint as named_invoice_id,
      l.amount - coalesce(v_line_told[l.place], 0) as left_amount,
      row_number() over (
        order by l.account_id, l.rank_on, l.doc_date, l.invoice_id, l.due_date, l.line_no
      )::int as rank
    from unnest(p_line) with ordinality l(
      account_id, invoice_id, line_no, doc_date, due_date, rank_on, is_auto, is_measured, amount,
      open_amount, credited_amount, written_off_amount, paid_amount, cleared_amount,
      value_money_days, last_effective_date, place
    )
    union all
    select
      c.account_id,
      true,
      c.turn_on,
      c.credit_id,
      null,
      null,
      c.is_auto,
      c.named_invoice_id,
      c.amount - coalesce(v_credit_told[c.place], 0),
      row_number() over (order by c.account_id, c.doc_date, c.credit_id)::int
    from unnest(p_credit) with ordinality c(
      account_id, credit_id, credit_type, doc_date, turn_on, value_date, is_auto, is_cleared,
      is_write_off, named_invoice_id, amount, unapplied_amount, place
    )
  ),
  placed as (
    select
      i.*,
      row_number() over (
        order by i.account_id, i.turn_on, i.is_credit, i.document_id, i.due_date, i.line_no
      )::int as place
    from item i
  ),
  named as (
    select l.account_id, l.document_id, min(l.place) as place
    from placed l
    where not l.is_credit
      and exists (
        select
        from unnest(p_credit) c
        where c.named_invoice_id is not null
      )
    group by l.account_id, l.document_id
  )
  -- No nulls in an array that is read by place: with one, each look walks it from the start.
  select
    array_agg(p.account_id) as account_id,
    array_agg(p.is_credit) as is_credit,
    array_agg(p.document_id) as document_id,
    array_agg(coalesce(p.line_no, 0)) as line_no,
    array_agg(p.turn_on) as turn_on,
    array_agg(p.rank) as rank,
    array_agg(p.is_auto_now) as is_auto,
    array_agg(p.named) as named,
    array_agg(p.left_amount) as left_amount
  into v
  from (
    select
      p.*,
      p.is_auto and p.account_id <> all (p_manual) as is_auto_now,
      n.place as named
    from placed p
    left join named n on n.account_id = p.account_id and n.document_id = p.named_invoice_id
    order by p.place
  ) p;

  v_done := calc.replay(
    0, v.is_credit, v.document_id, v.rank, v.is_auto, v.named, v.left_amount, v.account_id
  );
  return query
  select
    v.account_id[u.line],
    v.document_id[u.line],
    v.document_id[u.credit],
    0::bigint,
    v.line_no[u.line],
    greatest(v.turn_on[u.line], v.turn_on[u.credit]),
    case when u.is_linked then 'linked' else 'auto' end,
    u.amount
  from unnest(v_done.r_line, v_done.r_credit, v_done.r_amount, v_done.r_is_linked)
    u(line, credit, amount, is_linked);
end
$$;

comment on function calc.allocate(calc.line[], calc.credit[], calc.told[], bigint[]) is
  'Allocations of whole accounts: lines in the order (account, invoice, due date, line), credits in the order (account, id), instructions in their order, and the accounts under policy manual.';
