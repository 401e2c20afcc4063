-- Credits that come after every turn there is meet the open lines from their front on, and only as
-- far as they reach: the cost is that of the lines they meet.

create or replace function calc.append_credits(
  p_account_id bigint,
  p_is_manual boolean,
  p_is_written boolean,
  p_credit calc.credit[],
  p_credit_id bigint[],
  p_turn_on date[],
  p_is_credit boolean[],
  p_is_auto boolean[],
  p_left numeric[],
  p_need numeric,
  p_turn bigint
)
returns boolean
language plpgsql
volatile
as $$
declare
  v_limit int := 8;
  v_base int := 0;
  v_front record;
  v_done record;
  r record;
begin
  -- The front of the open lines: few as a rule, so a few are looked at first.
  while p_need > 0 and not p_is_manual loop
    select
      array_agg(false) as is_credit,
      array_agg(l.invoice_id) as document_id,
      array_agg(l.line_no) as line_no,
      array_agg(true) as is_auto,
      array_agg(l.open_amount) as left_amount,
      count(*)::int as count,
      sum(l.open_amount) as amount
    into v_front
    from (
      select l.invoice_id, l.line_no, l.open_amount
      from calc.line l
      where l.account_id = p_account_id
        and l.is_open
        and l.is_auto
      order by l.rank_on, l.doc_date, l.invoice_id, l.due_date, l.line_no
      limit v_limit
    ) l;
    v_base := v_front.count;
    exit when v_front.amount >= p_need or v_base < v_limit;
    v_limit := v_limit * 8;
  end loop;

  if v_base > 0 then
    v_done := calc.replay(
      v_base,
      v_front.is_credit || p_is_credit,
      v_front.document_id || p_credit_id,
      null,
      v_front.is_auto || p_is_auto,
      null,
      v_front.left_amount || p_left
    );
    p_left := (v_done.r_left)[v_base + 1 :];
  end if;

  if not p_is_written then
    perform calc.keep_credits(p_credit, p_left);
  end if;

  if v_base > 0 then
    with made as (
      insert into calc.allocation (
        account_id, invoice_id, credit_id, line_no, turn_on, reason, amount
      )
      select
        p_account_id,
        v_front.document_id[u.line],
        p_credit_id[u.credit - v_base],
        v_front.line_no[u.line],
        p_turn_on[u.credit - v_base],
        'auto',
        u.amount
      from unnest(v_done.r_line, v_done.r_credit, v_done.r_amount) u(line, credit, amount)
      returning invoice_id, line_no, credit_id, amount
    )
    select
      array_agg(m.invoice_id) as invoice_id,
      array_agg(m.line_no) as line_no,
      array_agg(m.credit_id) as credit_id,
      array_agg(m.amount) as amount,
      array_agg(not p_is_written) as is_fresh
    into r
    from made m;
    perform calc.shift(
      p_account_id, r.invoice_id, r.line_no, r.credit_id, r.amount, r.is_fresh,
      p_credit_turn => p_turn
    );
  end if;
  return v_base > 0;
end
$$;

comment on function calc.append_credits(bigint, boolean, boolean, calc.credit[], bigint[], date[], boolean[], boolean[], numeric[], numeric, bigint) is
  'Stage 2 for new credits, given in order of their turns, that come after every turn of their account. p_is_written: they are kept already; p_need: how far they can reach; p_turn: the last of their turns. Gives whether the account has noted it.';
