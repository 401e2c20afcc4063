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
  v_resized calc.credit[];
  v record;
begin
  -- What is kept as the documents say it stands here twice.
  select
    array_agg(t.line) filter (where not t.is_now),
    coalesce(array_agg(t.line) filter (where t.is_now), '{}'),
    min(t.doc_date) filter (where not t.is_now)
  into v_line_gone, r_line_new, r_from
  from (
    select t.doc_date, bool_or(t.is_now) as is_now, (array_agg(t.line))[1] as line
    from (
      select k as line, k.*, false as is_now
      from unnest(p_line_kept) k
      union all
      select n, n.*, true
      from unnest(p_line_now) n
    ) t
    group by
      t.invoice_id, t.line_no, t.doc_date, t.due_date, t.rank_on, t.is_auto, t.is_measured, t.amount
    having count(*) = 1
  ) t;

  -- A credit whose amount alone is another stays, and keeps what it settles until it is replayed:
  -- most of that will be as it was.
  select
    array_agg(t.kept) filter (where t.is_kept and not t.is_staying),
    array_agg(t.now) filter (where t.is_staying and t.is_revalued),
    array_agg(t.now) filter (where t.is_staying and t.is_resized),
    coalesce(array_agg(t.now) filter (where t.is_now and not t.is_staying), '{}'),
    least(r_from, min(t.turn_on) filter (where not t.is_staying or t.is_resized))
  into v_credit_gone, v_revalued, v_resized, r_credit_new, r_from
  from (
    select
      k as kept,
      n as now,
      k.credit_id is not null as is_kept,
      n.credit_id is not null as is_now,
      k.turn_on,
      coalesce(
        (k.doc_date, k.turn_on, k.is_auto) = (n.doc_date, n.turn_on, n.is_auto)
        and k.named_invoice_id is not distinct from n.named_invoice_id,
        false
      ) as is_staying,
      k.amount <> n.amount as is_resized,
      (k.value_date, k.is_cleared, k.is_write_off)
        is distinct from (n.value_date, n.is_cleared, n.is_write_off) as is_revalued
    from unnest(p_credit_kept) k
    full join unnest(p_credit_now) n using (credit_id, credit_type)
  ) t;

  if v_revalued is not null then
    perform calc.revalue(p_account_id, v_revalued);
  end if;
  if v_resized is not null then
    update calc.credit c
    set
      amount = n.amount,
      unapplied_amount = c.unapplied_amount + n.amount - c.amount,
      is_left = c.unapplied_amount + n.amount > c.amount
    from unnest(v_resized) n
    cross join lateral (
      select c.ctid as place
      from calc.credit c
      where c.account_id = p_account_id
        and c.credit_id = n.credit_id
      offset 0
    ) p
    where c.ctid = p.place;
  end if;

  if v_line_gone is null and v_credit_gone is null then
    return;
  end if;
  with place as (
    select a.place
    from unnest(v_line_gone) k
    cross join lateral (
      select a.ctid as place
      from calc.allocation a
      where a.account_id = p_account_id
        and a.invoice_id = k.invoice_id
        and a.line_no = k.line_no
      offset 0
    ) a
    union
    select a.place
    from unnest(v_credit_gone) k
    cross join lateral (
      select a.ctid as place
      from calc.allocation a
      where a.account_id = p_account_id
        and a.credit_id = k.credit_id
      offset 0
    ) a
  ),
  gone as (
    delete from calc.allocation a
    using place p
    where a.ctid = p.place
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
  cross join lateral (
    select l.doc_date
    from calc.line l
    where l.account_id = p_account_id
      and l.invoice_id = g.invoice_id
      and l.line_no = g.line_no
    offset 0
  ) l
  cross join lateral (
    select c.turn_on
    from calc.credit c
    where c.account_id = p_account_id
      and c.credit_id = g.credit_id
    offset 0
  ) c;
  if v.invoice_id is not null then
    -- What was told is there for others from the turn of its other end on.
    r_from := least(r_from, v.told_from);
    perform calc.shift(p_account_id, v.invoice_id, v.line_no, v.credit_id, v.amount);
  end if;

  if v_line_gone is not null then
    with gone as (
      delete from calc.line l
      using unnest(v_line_gone) k
      cross join lateral (
        select l.ctid as place
        from calc.line l
        where l.account_id = p_account_id
          and l.invoice_id = k.invoice_id
          and l.line_no = k.line_no
        offset 0
      ) p
      where l.ctid = p.place
      returning l.doc_date
    )
    insert into calc.dirty (month)
    select distinct date_trunc('month', g.doc_date::timestamp)::date
    from gone g;
  end if;
  if v_credit_gone is not null then
    delete from calc.credit c
    using unnest(v_credit_gone) k
    cross join lateral (
      select c.ctid as place
      from calc.credit c
      where c.account_id = p_account_id
        and c.credit_id = k.credit_id
      offset 0
    ) p
    where c.ctid = p.place;
  end if;
end
$$;

comment on function calc.drop_changed(bigint, calc.line[], calc.line[], calc.credit[], calc.credit[]) is
  'Takes away kept lines and credits that the documents no longer say, with their allocations; values anew what only counts otherwise; what only has another amount is over- or underspent until it is replayed. Gives what is still to be written and the first day that can differ (null: none).';
