-- Documents that come after every turn there is meet the waiting side from its front on, and only as
-- far as they reach: the cost is that of the lines and credits they meet.

create or replace function calc.bring_append(
  p_account_id bigint,
  p_line calc.line[],
  p_credit calc.credit[],
  p_is_manual boolean,
  p_is_written boolean
)
returns void
language plpgsql
volatile
as $$
declare
  v_new record;
  v_need numeric;
  v_base int := 0;
  v_is_credit boolean[] := '{}';
  v_document_id bigint[] := '{}';
  v_line_no int[] := '{}';
  v_turn_on date[] := '{}';
  v_is_auto boolean[] := '{}';
  v_left numeric[] := '{}';
  v_count int;
  v_done record;
  r record;
begin
  if p_credit <> '{}' then
    select
      array_agg(true) as is_credit,
      array_agg(c.credit_id) as document_id,
      array_agg(null::int) as line_no,
      array_agg(c.turn_on) as turn_on,
      array_agg(c.is_auto and not p_is_manual) as is_auto,
      array_agg(c.amount) as left_amount,
      sum(c.amount) filter (where c.is_auto and not p_is_manual) as need
    into v_new
    from (
      select c.*
      from unnest(p_credit) c
      order by c.turn_on, c.credit_id
    ) c;
    v_need := v_new.need;
    if v_need > 0 then
      for r in
        select l.invoice_id, l.line_no, l.doc_date, l.open_amount
        from calc.line l
        where l.account_id = p_account_id
          and l.open_amount > 0
          and l.is_auto
        order by l.rank_on, l.doc_date, l.invoice_id, l.due_date, l.line_no
      loop
        v_base := v_base + 1;
        v_is_credit[v_base] := false;
        v_document_id[v_base] := r.invoice_id;
        v_line_no[v_base] := r.line_no;
        v_turn_on[v_base] := r.doc_date;
        v_is_auto[v_base] := true;
        v_left[v_base] := r.open_amount;
        v_need := v_need - r.open_amount;
        exit when v_need <= 0;
      end loop;
    end if;
  else
    select
      array_agg(false) as is_credit,
      array_agg(l.invoice_id) as document_id,
      array_agg(l.line_no) as line_no,
      array_agg(l.doc_date) as turn_on,
      array_agg(l.is_auto and not p_is_manual) as is_auto,
      array_agg(l.amount) as left_amount,
      sum(l.amount) filter (where l.is_auto and not p_is_manual) as need
    into v_new
    from (
      select l.*
      from unnest(p_line) l
      order by l.doc_date, l.invoice_id, l.due_date, l.line_no
    ) l;
    v_need := v_new.need;
    if v_need > 0 then
      for r in
        select c.credit_id, c.turn_on, c.unapplied_amount
        from calc.credit c
        where c.account_id = p_account_id
          and c.unapplied_amount > 0
          and c.is_auto
        order by c.doc_date, c.credit_id
      loop
        v_base := v_base + 1;
        v_is_credit[v_base] := true;
        v_document_id[v_base] := r.credit_id;
        v_line_no[v_base] := null;
        v_turn_on[v_base] := r.turn_on;
        v_is_auto[v_base] := true;
        v_left[v_base] := r.unapplied_amount;
        v_need := v_need - r.unapplied_amount;
        exit when v_need <= 0;
      end loop;
    end if;
    if v_base = 0 then
      return;
    end if;
  end if;

  v_is_credit := v_is_credit || v_new.is_credit;
  v_document_id := v_document_id || v_new.document_id;
  v_line_no := v_line_no || v_new.line_no;
  v_turn_on := v_turn_on || v_new.turn_on;
  v_count := cardinality(v_document_id);
  v_done := calc.replay(
    v_base,
    v_is_credit,
    v_document_id,
    array(select generate_series(1, v_count)),
    v_is_auto || v_new.is_auto,
    array_fill(null::int, array[v_count]),
    v_left || v_new.left_amount
  );

  if not p_is_written and p_credit <> '{}' then
    insert into calc.credit
    select
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
      u.left_amount
    from unnest(v_document_id, v_done.r_left) u(credit_id, left_amount)
    join unnest(p_credit) c on c.credit_id = u.credit_id;
  end if;

  if v_done.r_line <> '{}' then
    insert into calc.allocation (
      account_id, invoice_id, credit_id, line_no, turn_on, reason, amount
    )
    select
      p_account_id,
      v_document_id[u.line],
      v_document_id[u.credit],
      v_line_no[u.line],
      greatest(v_turn_on[u.line], v_turn_on[u.credit]),
      'auto',
      u.amount
    from unnest(v_done.r_line, v_done.r_credit, v_done.r_amount) u(line, credit, amount);

    perform calc.shift(
      p_account_id,
      array(select v_document_id[u] from unnest(v_done.r_line) u),
      array(select v_line_no[u] from unnest(v_done.r_line) u),
      array(select v_document_id[u] from unnest(v_done.r_credit) u),
      v_done.r_amount,
      not p_is_written and p_credit <> '{}'
    );
  end if;
end
$$;

comment on function calc.bring_append(bigint, calc.line[], calc.credit[], boolean, boolean) is
  'Stage 2 for documents that come after every turn of their account: new credits against the front of the open lines, or new lines (kept already) against the front of the left-over credits. p_is_written: the new credits are kept already.';
