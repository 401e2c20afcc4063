create or replace function calc.bring_turns(
  p_account_id bigint,
  p_from date,
  p_is_manual boolean,
  p_credit calc.credit[]
)
returns bigint
language plpgsql
volatile
as $$
declare
  v record;
  v_named int[];
  v_done record;
  v_d record;
begin
  -- Lines and credits as they stood before p_from: what is kept of stage 2 since then is undone.
  -- Look-ups along the key only (offset 0 keeps them so): any other join could turn out quadratic,
  -- for the planner can't tell how many rows there will be.
  with undone as materialized (
    select a.invoice_id, a.line_no, a.credit_id, a.amount
    from calc.allocation a
    where a.account_id = p_account_id
      and a.turn_on >= p_from
  ),
  item as (
    select
      false as is_credit,
      false as is_new,
      l.doc_date as turn_on,
      l.invoice_id as document_id,
      l.due_date,
      l.line_no,
      l.is_auto,
      null::bigint as named_invoice_id,
      l.open_amount + u.amount as left_amount,
      row_number() over (
        order by l.rank_on, l.doc_date, l.invoice_id, l.due_date, l.line_no
      )::int as rank,
      l.rank_on <> l.doc_date as is_ranked
    from (
      select u.invoice_id, u.line_no, sum(u.amount) as amount
      from (
        select u.invoice_id, u.line_no, u.amount
        from undone u
        union all
        select l.invoice_id, l.line_no, 0
        from calc.line l
        where l.account_id = p_account_id
          and l.is_open
      ) u
      group by u.invoice_id, u.line_no
    ) u
    cross join lateral (
      select l.*
      from calc.line l
      where l.account_id = p_account_id
        and l.invoice_id = u.invoice_id
        and l.line_no = u.line_no
      offset 0
    ) l
    union all
    select
      true,
      c.is_new,
      c.turn_on,
      c.credit_id,
      null,
      0,
      c.is_auto,
      c.named_invoice_id,
      c.left_amount,
      row_number() over (order by c.doc_date, c.credit_id)::int,
      c.turn_on <> c.doc_date
    from (
      select
        false as is_new, c.turn_on, c.credit_id, c.is_auto, c.named_invoice_id, c.doc_date,
        c.unapplied_amount + u.amount as left_amount
      from (
        select u.credit_id, sum(u.amount) as amount
        from (
          select u.credit_id, u.amount
          from undone u
          union all
          select c.credit_id, 0
          from calc.credit c
          where c.account_id = p_account_id
            and c.is_left
        ) u
        group by u.credit_id
      ) u
      cross join lateral (
        select c.*
        from calc.credit c
        where c.account_id = p_account_id
          and c.credit_id = u.credit_id
        offset 0
      ) c
      union all
      select
        true, c.turn_on, c.credit_id, c.is_auto, c.named_invoice_id, c.doc_date, c.amount
      from unnest(p_credit) c
    ) c
  )
  select
    coalesce(sum((p.turn_on < p_from)::int), 0)::int as base,
    array_agg(p.is_credit) as is_credit,
    array_agg(p.is_new) as is_new,
    array_agg(p.document_id) as document_id,
    -- No nulls in an array that is read by place: with one, each look walks it from the start.
    array_agg(p.line_no) as line_no,
    array_agg(p.turn_on) as turn_on,
    -- Mostly they wait in the order in which they come.
    case when bool_or(p.is_ranked) then array_agg(p.rank) end as rank,
    array_agg(p.is_auto and not p_is_manual) as is_auto,
    array_agg(p.named_invoice_id) as named,
    bool_or(p.named_invoice_id is not null) as is_named,
    array_agg(p.left_amount) as left_amount
  into v
  from (
    select i.*
    from item i
    order by i.turn_on, i.is_credit, i.document_id, i.due_date, i.line_no
  ) p;

  if v.is_named then
    v_named := calc.first_line(null, v.document_id, v.is_credit, v.named);
  end if;
  v_done := calc.replay(
    v.base, v.is_credit, v.document_id, v.rank, v.is_auto, v_named, v.left_amount
  );

  if p_credit <> '{}' then
    perform calc.keep_credits(
      p_credit,
      array(
        select u.left_amount
        from unnest(v.is_new, v_done.r_left) with ordinality u(is_new, left_amount, place)
        where u.is_new
        order by u.place
      )
    );
  end if;

  -- Differences only; kept rows are found again where they lie.
  with made as (
    select
      v.document_id[u.line] as invoice_id,
      v.line_no[u.line] as line_no,
      v.document_id[u.credit] as credit_id,
      greatest(v.turn_on[u.line], v.turn_on[u.credit]) as turn_on,
      case when v.document_id[v_named[u.credit]] = v.document_id[u.line] then 'linked' else 'auto' end
        as reason,
      u.amount,
      v.is_new[u.credit] as is_fresh
    from unnest(v_done.r_line, v_done.r_credit, v_done.r_amount) u(line, credit, amount)
  ),
  kept as (
    select a.ctid as place, a.invoice_id, a.line_no, a.credit_id, a.turn_on, a.reason, a.amount
    from calc.allocation a
    where a.account_id = p_account_id
      and a.turn_on >= p_from
  ),
  differing as materialized (
    select
      invoice_id,
      line_no,
      credit_id,
      m.turn_on,
      m.reason,
      coalesce(m.amount, 0) as amount,
      coalesce(k.amount, 0) as kept_amount,
      coalesce(m.is_fresh, false) as is_fresh,
      k.place
    from made m
    full join kept k using (invoice_id, line_no, credit_id)
    where (m.amount, m.turn_on, m.reason) is distinct from (k.amount, k.turn_on, k.reason)
  ),
  gone as (
    delete from calc.allocation a
    using differing d
    where a.ctid = d.place
      and d.amount = 0
  ),
  changed as (
    update calc.allocation a
    set amount = d.amount, turn_on = d.turn_on, reason = d.reason
    from differing d
    where a.ctid = d.place
      and d.amount > 0
      and d.kept_amount > 0
  ),
  added as (
    insert into calc.allocation (
      account_id, invoice_id, credit_id, line_no, turn_on, reason, amount
    )
    select p_account_id, d.invoice_id, d.credit_id, d.line_no, d.turn_on, d.reason, d.amount
    from differing d
    where d.kept_amount = 0
  )
  select
    array_agg(d.invoice_id) as invoice_id,
    array_agg(d.line_no) as line_no,
    array_agg(d.credit_id) as credit_id,
    array_agg(d.amount - d.kept_amount) as amount,
    array_agg(d.is_fresh) as is_fresh
  into v_d
  from differing d;

  if v_d.invoice_id is not null then
    perform calc.shift(
      p_account_id, v_d.invoice_id, v_d.line_no, v_d.credit_id, v_d.amount, v_d.is_fresh
    );
  end if;
  return coalesce(cardinality(v.left_amount), 0) - v.base;
end
$$;

comment on function calc.bring_turns(bigint, date, boolean, calc.credit[]) is
  'Replays stage 2 of one account from the first turn of a day on, and writes what differs. p_credit: credits not kept yet, in order of their turns. Gives the number of lines and credits that took a turn.';
