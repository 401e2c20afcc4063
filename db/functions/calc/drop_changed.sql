create or replace function calc.drop_changed(
  p_account_id bigint,
  p_line_now calc.line[],
  p_line_kept calc.line[],
  p_credit_now calc.credit[],
  p_credit_kept calc.credit[],
  out r_line_new calc.line[],
  out r_credit_new calc.credit[],
  out r_from date
)
language plpgsql
volatile
as $$
declare
  v_line_gone calc.line[];
  v_credit_gone calc.credit[];
  v_revalued calc.credit[];
  v record;
begin
  select
    array_agg(k) filter (where n.invoice_id is null),
    array(
      select n
      from unnest(p_line_now) n
      where not exists (
        select
        from unnest(p_line_kept) k
        where (k.invoice_id, k.line_no) = (n.invoice_id, n.line_no)
          and (k.doc_date, k.due_date, k.rank_on, k.is_auto, k.is_measured, k.amount)
            = (n.doc_date, n.due_date, n.rank_on, n.is_auto, n.is_measured, n.amount)
      )
    ),
    min(k.doc_date) filter (where n.invoice_id is null)
  into v_line_gone, r_line_new, r_from
  from unnest(p_line_kept) k
  left join unnest(p_line_now) n
    on (k.invoice_id, k.line_no) = (n.invoice_id, n.line_no)
    and (k.doc_date, k.due_date, k.rank_on, k.is_auto, k.is_measured, k.amount)
      = (n.doc_date, n.due_date, n.rank_on, n.is_auto, n.is_measured, n.amount);

  select
    array_agg(k) filter (where n.credit_id is null),
    array_agg(n) filter (
      where (n.value_date, n.is_cleared, n.is_write_off)
        is distinct from (k.value_date, k.is_cleared, k.is_write_off)
        and n.credit_id is not null
    ),
    array(
      select n
      from unnest(p_credit_now) n
      where not exists (
        select
        from unnest(p_credit_kept) k
        where k.credit_id = n.credit_id
          and (k.credit_type, k.doc_date, k.turn_on, k.is_auto, k.amount)
            = (n.credit_type, n.doc_date, n.turn_on, n.is_auto, n.amount)
          and k.named_invoice_id is not distinct from n.named_invoice_id
      )
    ),
    least(r_from, min(k.turn_on) filter (where n.credit_id is null))
  into v_credit_gone, v_revalued, r_credit_new, r_from
  from unnest(p_credit_kept) k
  left join unnest(p_credit_now) n
    on k.credit_id = n.credit_id
    and (k.credit_type, k.doc_date, k.turn_on, k.is_auto, k.amount)
      = (n.credit_type, n.doc_date, n.turn_on, n.is_auto, n.amount)
    and k.named_invoice_id is not distinct from n.named_invoice_id;

  if v_revalued is not null then
    perform calc.revalue(p_account_id, v_revalued);
  end if;

  if v_line_gone is not null or v_credit_gone is not null then
    with gone as (
      delete from calc.allocation a
      using (
        select k.invoice_id, k.line_no
        from unnest(v_line_gone) k
      ) k
      where a.account_id = p_account_id
        and a.invoice_id = k.invoice_id
        and a.line_no = k.line_no
      returning a.invoice_id, a.line_no, a.credit_id, a.turn_on, -a.amount as amount
    )
    select
      array_agg(g.invoice_id) as invoice_id,
      array_agg(g.line_no) as line_no,
      array_agg(g.credit_id) as credit_id,
      array_agg(g.amount) as amount,
      min(least(l.doc_date, c.turn_on)) filter (where g.turn_on is null) as told_from
    into v
    from gone g
    join calc.line l
      on l.account_id = p_account_id
      and l.invoice_id = g.invoice_id
      and l.line_no = g.line_no
    join calc.credit c on c.account_id = p_account_id and c.credit_id = g.credit_id;
    if v.invoice_id is not null then
      -- What was told is there for others from the turn of its other end on.
      r_from := least(r_from, v.told_from);
      perform calc.shift(p_account_id, v.invoice_id, v.line_no, v.credit_id, v.amount);
    end if;

    with gone as (
      delete from calc.allocation a
      using (
        select k.credit_id
        from unnest(v_credit_gone) k
      ) k
      where a.account_id = p_account_id
        and a.credit_id = k.credit_id
      returning a.invoice_id, a.line_no, a.credit_id, a.turn_on, -a.amount as amount
    )
    select
      array_agg(g.invoice_id) as invoice_id,
      array_agg(g.line_no) as line_no,
      array_agg(g.credit_id) as credit_id,
      array_agg(g.amount) as amount,
      min(least(l.doc_date, c.turn_on)) filter (where g.turn_on is null) as told_from
    into v
    from gone g
    join calc.line l
      on l.account_id = p_account_id
      and l.invoice_id = g.invoice_id
      and l.line_no = g.line_no
    join calc.credit c on c.account_id = p_account_id and c.credit_id = g.credit_id;
    if v.invoice_id is not null then
      -- What was told is there for others from the turn of its other end on.
      r_from := least(r_from, v.told_from);
      perform calc.shift(p_account_id, v.invoice_id, v.line_no, v.credit_id, v.amount);
    end if;

    delete from calc.line l
    using unnest(v_line_gone) k
    where l.account_id = p_account_id
      and l.invoice_id = k.invoice_id
      and l.line_no = k.line_no;
    delete from calc.credit c
    using unnest(v_credit_gone) k
    where c.account_id = p_account_id
      and c.credit_id = k.credit_id;
  end if;
end
$$;

comment on function calc.drop_changed(bigint, calc.line[], calc.line[], calc.credit[], calc.credit[]) is
  'Takes away kept lines and credits that the documents no longer say, with their allocations; values anew what only counts otherwise. Gives what is still to be written and the first day that can differ (null: none).';
