-- Lines that come after every turn there is meet the left-over credits from their front on, and only
-- as far as they reach: the cost is that of the credits they meet.

create or replace function calc.append_lines(
  p_account_id bigint,
  p_line calc.line[],
  p_need numeric,
  p_turn bigint
)
returns boolean
language plpgsql
volatile
as $$
declare
  v_base int := 0;
  v_is_credit boolean[] := '{}';
  v_credit_id bigint[] := '{}';
  v_is_auto boolean[] := '{}';
  v_left numeric[] := '{}';
  v_new record;
  v_done record;
  r record;
begin
  for r in
    select c.credit_id, c.unapplied_amount
    from calc.credit c
    where c.account_id = p_account_id
      and c.is_left
      and c.is_auto
    order by c.doc_date, c.credit_id
  loop
    v_base := v_base + 1;
    v_is_credit[v_base] := true;
    v_credit_id[v_base] := r.credit_id;
    v_is_auto[v_base] := true;
    v_left[v_base] := r.unapplied_amount;
    p_need := p_need - r.unapplied_amount;
    exit when p_need <= 0;
  end loop;
  if v_base = 0 then
    return false;
  end if;

  select
    array_agg(false) as is_credit,
    array_agg(l.invoice_id) as invoice_id,
    array_agg(l.line_no) as line_no,
    array_agg(l.doc_date) as turn_on,
    array_agg(l.is_auto) as is_auto,
    array_agg(l.amount) as left_amount
  into v_new
  from (
    select l.*
    from unnest(p_line) l
    order by l.doc_date, l.invoice_id, l.due_date, l.line_no
  ) l;
  v_done := calc.replay(
    v_base,
    v_is_credit || v_new.is_credit,
    v_credit_id || v_new.invoice_id,
    null,
    v_is_auto || v_new.is_auto,
    null,
    v_left || v_new.left_amount
  );

  with made as (
    insert into calc.allocation (
      account_id, invoice_id, credit_id, line_no, turn_on, reason, amount
    )
    select
      p_account_id,
      v_new.invoice_id[u.line - v_base],
      v_credit_id[u.credit],
      v_new.line_no[u.line - v_base],
      v_new.turn_on[u.line - v_base],
      'auto',
      u.amount
    from unnest(v_done.r_line, v_done.r_credit, v_done.r_amount) u(line, credit, amount)
    returning invoice_id, line_no, credit_id, amount
  )
  select
    array_agg(m.invoice_id) as invoice_id,
    array_agg(m.line_no) as line_no,
    array_agg(m.credit_id) as credit_id,
    array_agg(m.amount) as amount
  into r
  from made m;
  perform calc.shift(
    p_account_id, r.invoice_id, r.line_no, r.credit_id, r.amount, p_line_turn => p_turn
  );
  return true;
end
$$;

comment on function calc.append_lines(bigint, calc.line[], numeric, bigint) is
  'Stage 2 for new lines, kept already, that come after every turn of their account. p_need: how far they can reach; p_turn: the last of their turns. Gives whether the account has noted it.';
