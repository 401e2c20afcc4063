-- The definition itself (docs/figures.md), a pure function of the documents: stage 1, then stage 2.
-- Nested loops over arrays, of which the planner can't tell the length, would be quadratic.

create or replace function calc.allocate(
  p_line calc.line[],
  p_credit calc.credit[],
  p_told calc.told[],
  p_manual bigint[]
)
returns calc.allocation[]
language plpgsql
immutable
set plan_cache_mode = force_generic_plan
set enable_nestloop = off
as $$
declare
  v_told calc.allocation[];
  v record;
  v_rank int[];
  v_named int[];
  v_done record;
begin
  if p_told <> '{}' then
    v_told := array(select a from calc.allocate_told(p_line, p_credit, p_told) a);
    select s.r_line, s.r_credit
    into p_line, p_credit
    from calc.settle(p_line, p_credit, v_told) s;
  end if;

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
      l.open_amount as left_amount,
      l.rank_on <> l.doc_date as is_ranked
    from unnest(p_line) l
    union all
    select
      c.account_id,
      true,
      c.turn_on,
      c.credit_id,
      null,
      0,
      c.is_auto,
      c.named_invoice_id,
      c.unapplied_amount,
      c.turn_on <> c.doc_date
    from unnest(p_credit) c
  )
  select
    array_agg(p.account_id) as account_id,
    array_agg(p.is_credit) as is_credit,
    array_agg(p.document_id) as document_id,
    -- No nulls in an array that is read by place: with one, each look walks it from the start.
    array_agg(p.line_no) as line_no,
    array_agg(p.turn_on) as turn_on,
    bool_or(p.is_ranked) as is_ranked,
    array_agg(p.is_auto and p.account_id <> all (p_manual)) as is_auto,
    array_agg(p.named_invoice_id) as named,
    bool_or(p.named_invoice_id is not null) as is_named,
    array_agg(p.left_amount) as left_amount
  into v
  from (
    select i.*
    from item i
    order by i.account_id, i.turn_on, i.is_credit, i.document_id, i.due_date, i.line_no
  ) p;

  -- Mostly they wait in the order in which they come, and needn't be told another.
  if v.is_ranked then
    v_rank := array(
      select r.rank
      from (
        select
          l.account_id,
          l.doc_date as turn_on,
          false as is_credit,
          l.invoice_id as document_id,
          l.due_date,
          l.line_no,
          row_number() over (
            order by l.account_id, l.rank_on, l.doc_date, l.invoice_id, l.due_date, l.line_no
          )::int as rank
        from unnest(p_line) l
        union all
        select
          c.account_id,
          c.turn_on,
          true,
          c.credit_id,
          null,
          0,
          row_number() over (order by c.account_id, c.doc_date, c.credit_id)::int
        from unnest(p_credit) c
      ) r
      order by r.account_id, r.turn_on, r.is_credit, r.document_id, r.due_date, r.line_no
    );
  end if;
  if v.is_named then
    v_named := calc.first_line(v.account_id, v.document_id, v.is_credit, v.named);
  end if;
  v_done := calc.replay(
    0, v.is_credit, v.document_id, v_rank, v.is_auto, v_named, v.left_amount, v.account_id
  );
  return v_told || array(
    select
      row(
        v.account_id[u.line],
        v.document_id[u.line],
        v.document_id[u.credit],
        0,
        v.line_no[u.line],
        greatest(v.turn_on[u.line], v.turn_on[u.credit]),
        -- What a return finds open it takes from the invoice it names before all others.
        case when v.document_id[v_named[u.credit]] = v.document_id[u.line] then 'linked' else 'auto' end,
        u.amount
      )::calc.allocation
    from unnest(v_done.r_line, v_done.r_credit, v_done.r_amount) u(line, credit, amount)
  );
end
$$;

comment on function calc.allocate(calc.line[], calc.credit[], calc.told[], bigint[]) is
  'Allocations of whole accounts: instructions in their order, and the accounts under policy manual.';
