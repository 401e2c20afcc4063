create or replace function calc.allocation_as_of(p_account_id bigint, p_as_of date)
returns table (
  invoice_id bigint,
  line_no int,
  credit_id bigint,
  pin_id bigint,
  turn_on date,
  reason text,
  amount numeric
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
set jit = off
as $$
declare
  v_line calc.line[];
  v_credit calc.credit[];
  v_told record;
  v_told_done record;
  v record;
  v_done record;
begin
  v_line := array(
    select f
    from calc.feed_line(p_as_of) f
    where f.account_id = p_account_id
    order by f.invoice_id, f.due_date, f.line_no
  );
  v_credit := array(
    select f
    from calc.feed_credit(p_as_of) f
    where f.account_id = p_account_id
    order by f.credit_id
  );

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
      row_number() over (order by t.phase, t.told_on, t.told_id) as place
    from calc.feed_told(p_as_of) t
    join unnest(v_credit) with ordinality c(
      account_id, credit_id, credit_type, doc_date, turn_on, value_date, is_auto, is_cleared,
      is_write_off, named_invoice_id, amount, unapplied_amount, place
    ) on c.credit_id = t.credit_id
    join (
      select l.invoice_id, min(l.place)::int as first_line, max(l.place)::int as last_line
      from unnest(v_line) with ordinality l(
        account_id, invoice_id, line_no, doc_date, due_date, rank_on, is_auto, is_measured, amount,
        open_amount, credited_amount, written_off_amount, paid_amount, cleared_amount,
        value_money_days, last_effective_date, place
      )
      group by l.invoice_id
    ) l on l.invoice_id = t.invoice_id
    where t.account_id = p_account_id
  ) t;

  v_told_done := calc.replay_told(
    v_told.credit,
    v_told.first_line,
    v_told.last_line,
    v_told.amount,
    array(select l.amount from unnest(v_line) l),
    array(select c.amount from unnest(v_credit) c)
  );
  return query
  select
    v_line[u.line].invoice_id,
    v_line[u.line].line_no,
    v_credit[v_told.credit[u.told]].credit_id,
    v_told.pin_id[u.told],
    null::date,
    case when v_told.pin_id[u.told] > 0 then 'pin' else 'linked' end,
    u.amount
  from unnest(v_told_done.r_told, v_told_done.r_line, v_told_done.r_amount) u(told, line, amount);

  with item as (
    select
      false as is_credit,
      l.doc_date as turn_on,
      l.invoice_id as document_id,
      l.due_date,
      l.line_no,
      l.is_auto,
      null::bigint as named_invoice_id,
      l.amount - coalesce(t.amount, 0) as left_amount,
      row_number() over (
        order by l.rank_on, l.doc_date, l.invoice_id, l.due_date, l.line_no
      ) as rank
    from unnest(v_line) with ordinality l(
      account_id, invoice_id, line_no, doc_date, due_date, rank_on, is_auto, is_measured, amount,
      open_amount, credited_amount, written_off_amount, paid_amount, cleared_amount,
      value_money_days, last_effective_date, place
    )
    left join (
      select u.line, sum(u.amount) as amount
      from unnest(v_told_done.r_line, v_told_done.r_amount) u(line, amount)
      group by u.line
    ) t on t.line = l.place
    union all
    select
      true,
      c.turn_on,
      c.credit_id,
      null,
      null,
      c.is_auto,
      c.named_invoice_id,
      c.amount - coalesce(t.amount, 0),
      row_number() over (order by c.doc_date, c.credit_id)
    from unnest(v_credit) with ordinality c(
      account_id, credit_id, credit_type, doc_date, turn_on, value_date, is_auto, is_cleared,
      is_write_off, named_invoice_id, amount, unapplied_amount, place
    )
    left join (
      select v_told.credit[u.told] as credit, sum(u.amount) as amount
      from unnest(v_told_done.r_told, v_told_done.r_amount) u(told, amount)
      group by 1
    ) t on t.credit = c.place
  ),
  placed as (
    select
      i.*,
      row_number() over w as place
    from item i
    window w as (order by i.turn_on, i.is_credit, i.document_id, i.due_date, i.line_no)
  )
  select
    array_agg(p.is_credit order by p.place) as is_credit,
    array_agg(p.document_id order by p.place) as document_id,
    array_agg(p.line_no order by p.place) as line_no,
    array_agg(p.turn_on order by p.place) as turn_on,
    array_agg(p.rank::int order by p.place) as rank,
    array_agg(p.is_auto and a.policy <> 'manual' order by p.place) as is_auto,
    array_agg(f.place order by p.place) as named,
    array_agg(p.left_amount order by p.place) as left_amount
  into v
  from placed p
  join ref.account a on a.account_id = p_account_id
  left join (
    select l.document_id, min(l.place)::int as place
    from placed l
    where not l.is_credit
    group by l.document_id
  ) f on f.document_id = p.named_invoice_id;

  v_done := calc.replay(
    0, v.is_credit, v.document_id, v.rank, v.is_auto, v.named, v.left_amount
  );
  return query
  select
    v.document_id[u.line],
    v.line_no[u.line],
    v.document_id[u.credit],
    0::bigint,
    greatest(v.turn_on[u.line], v.turn_on[u.credit]),
    case when u.is_linked then 'linked' else 'auto' end,
    u.amount
  from unnest(v_done.r_line, v_done.r_credit, v_done.r_amount, v_done.r_is_linked)
    u(line, credit, amount, is_linked);
end
$$;

comment on function calc.allocation_as_of(bigint, date) is
  'Allocations of one account computed from its documents dated to the end of a day (infinity: all) and from nothing else.';
