create or replace function calc.bring_turns(p_account_id bigint, p_from date, p_is_manual boolean)
returns void
language plpgsql
volatile
as $$
declare
  v record;
  v_done record;
  v_d record;
begin
  -- Lines and credits as they stood before p_from: what is kept of stage 2 since then is undone.
  with undone as materialized (
    select a.invoice_id, a.line_no, a.credit_id, a.amount
    from calc.allocation a
    where a.account_id = p_account_id
      and a.turn_on >= p_from
  ),
  undone_line as (
    select u.invoice_id, u.line_no, sum(u.amount) as amount
    from undone u
    group by u.invoice_id, u.line_no
  ),
  undone_credit as (
    select u.credit_id, sum(u.amount) as amount
    from undone u
    group by u.credit_id
  ),
  line as (
    select l.*, l.open_amount + coalesce(u.amount, 0) as left_amount
    from calc.line l
    left join undone_line u on u.invoice_id = l.invoice_id and u.line_no = l.line_no
    where l.account_id = p_account_id
      and l.open_amount > 0
    union all
    select l.*, l.open_amount + u.amount
    from undone_line u
    join calc.line l
      on l.account_id = p_account_id
      and l.invoice_id = u.invoice_id
      and l.line_no = u.line_no
    where l.open_amount <= 0
  ),
  credit as (
    select c.*, c.unapplied_amount + coalesce(u.amount, 0) as left_amount
    from calc.credit c
    left join undone_credit u on u.credit_id = c.credit_id
    where c.account_id = p_account_id
      and c.unapplied_amount > 0
    union all
    select c.*, c.unapplied_amount + u.amount
    from undone_credit u
    join calc.credit c on c.account_id = p_account_id and c.credit_id = u.credit_id
    where c.unapplied_amount <= 0
  ),
  item as (
    select
      false as is_credit,
      l.doc_date as turn_on,
      l.invoice_id as document_id,
      l.due_date,
      l.line_no,
      l.is_auto,
      null::bigint as named_invoice_id,
      l.left_amount,
      row_number() over (
        order by l.rank_on, l.doc_date, l.invoice_id, l.due_date, l.line_no
      ) as rank
    from line l
    union all
    select
      true,
      c.turn_on,
      c.credit_id,
      null,
      null,
      c.is_auto,
      c.named_invoice_id,
      c.left_amount,
      row_number() over (order by c.doc_date, c.credit_id)
    from credit c
  ),
  placed as (
    select
      i.*,
      row_number() over w as place,
      i.turn_on < p_from as is_base
    from item i
    window w as (order by i.turn_on, i.is_credit, i.document_id, i.due_date, i.line_no)
  )
  -- No nulls in an array that is read by place: with one, each look walks it from the start.
  select
    coalesce(sum(p.is_base::int), 0)::int as base,
    array_agg(p.is_credit order by p.place) as is_credit,
    array_agg(p.document_id order by p.place) as document_id,
    array_agg(coalesce(p.line_no, 0) order by p.place) as line_no,
    array_agg(p.turn_on order by p.place) as turn_on,
    array_agg(p.rank::int order by p.place) as rank,
    array_agg(p.is_auto and not p_is_manual order by p.place) as is_auto,
    array_agg(f.place order by p.place) as named,
    array_agg(p.left_amount order by p.place) as left_amount
  into v
  from placed p
  left join (
    select l.document_id, min(l.place)::int as place
    from placed l
    where not l.is_credit
    group by l.document_id
  ) f on f.document_id = p.named_invoice_id;

  v_done := calc.replay(
    v.base, v.is_credit, v.document_id, v.rank, v.is_auto, v.named, v.left_amount
  );

  -- Differences only.
  with made as (
    select
      v.document_id[u.line] as invoice_id,
      v.line_no[u.line] as line_no,
      v.document_id[u.credit] as credit_id,
      greatest(v.turn_on[u.line], v.turn_on[u.credit]) as turn_on,
      case when u.is_linked then 'linked' else 'auto' end as reason,
      u.amount
    from unnest(v_done.r_line, v_done.r_credit, v_done.r_amount, v_done.r_is_linked)
      u(line, credit, amount, is_linked)
  ),
  kept as (
    select a.invoice_id, a.line_no, a.credit_id, a.turn_on, a.reason, a.amount
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
      coalesce(k.amount, 0) as kept_amount
    from made m
    full join kept k using (invoice_id, line_no, credit_id)
    where (m.amount, m.turn_on, m.reason) is distinct from (k.amount, k.turn_on, k.reason)
  ),
  gone as (
    delete from calc.allocation a
    using differing d
    where a.account_id = p_account_id
      and a.invoice_id = d.invoice_id
      and a.line_no = d.line_no
      and a.credit_id = d.credit_id
      and a.pin_id = 0
      and a.turn_on is not null
      and d.amount = 0
  ),
  changed as (
    update calc.allocation a
    set amount = d.amount, turn_on = d.turn_on, reason = d.reason
    from differing d
    where a.account_id = p_account_id
      and a.invoice_id = d.invoice_id
      and a.line_no = d.line_no
      and a.credit_id = d.credit_id
      and a.pin_id = 0
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
    array_agg(d.amount - d.kept_amount) as amount
  into v_d
  from differing d;

  if v_d.invoice_id is not null then
    perform calc.shift(p_account_id, v_d.invoice_id, v_d.line_no, v_d.credit_id, v_d.amount);
  end if;
end
$$;

comment on function calc.bring_turns(bigint, date, boolean) is
  'Replays stage 2 of one account from the first turn of a day on, and writes what differs.';
