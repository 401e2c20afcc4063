create or replace function calc.bring_told(
  p_account_id bigint,
  p_invoice_ids bigint[],
  p_credit_ids bigint[]
)
returns date
language plpgsql
volatile
as $$
declare
  v_invoice_ids bigint[];
  v_credit_ids bigint[];
  v record;
  v_d record;
begin
  -- Instructions bear on each other only through a document that both name: take in all that hang
  -- together, and what is kept of instructions no longer there.
  with recursive reach (is_credit, document_id) as (
    (
      select false, unnest(p_invoice_ids)
      union all
      select true, unnest(p_credit_ids)
    )
    union
    select n.is_credit, n.document_id
    from reach r
    cross join lateral (
      select true as is_credit, t.credit_id as document_id
      from calc.feed_told('infinity') t
      where not r.is_credit
        and t.account_id = p_account_id
        and t.invoice_id = r.document_id
      union all
      select true, a.credit_id
      from calc.allocation a
      where not r.is_credit
        and a.account_id = p_account_id
        and a.invoice_id = r.document_id
        and a.turn_on is null
      union all
      -- A note names one invoice, which is among those given or was reached before it.
      select false, p.invoice_id
      from calc.feed_pin() p
      where r.is_credit
        and p.account_id = p_account_id
        and p.credit_id = r.document_id
      union all
      select false, a.invoice_id
      from calc.allocation a
      where r.is_credit
        and a.account_id = p_account_id
        and a.credit_id = r.document_id
        and a.turn_on is null
      offset 0
    ) n
  )
  select
    coalesce(array_agg(r.document_id) filter (where not r.is_credit), '{}'),
    coalesce(array_agg(r.document_id) filter (where r.is_credit), '{}')
  into v_invoice_ids, v_credit_ids
  from reach r;

  with made as (
    select a.invoice_id, a.line_no, a.credit_id, a.pin_id, a.amount
    from calc.allocate_told(
      array(
        select d.l
        from unnest(v_invoice_ids) i(invoice_id)
        cross join lateral (
          select l
          from calc.line l
          where l.account_id = p_account_id
            and l.invoice_id = i.invoice_id
          offset 0
        ) d
      ),
      array(
        select d.c
        from unnest(v_credit_ids) i(credit_id)
        cross join lateral (
          select c
          from calc.credit c
          where c.account_id = p_account_id
            and c.credit_id = i.credit_id
          offset 0
        ) d
      ),
      array(
        select d.t
        from unnest(v_invoice_ids) i(invoice_id)
        cross join lateral (
          select t
          from calc.feed_told('infinity') t
          where t.account_id = p_account_id
            and t.invoice_id = i.invoice_id
          offset 0
        ) d
        order by (d.t).phase, (d.t).told_on, (d.t).told_id
      )
    ) a
  ),
  kept as (
    select d.place, d.invoice_id, d.line_no, d.credit_id, d.pin_id, d.amount
    from unnest(v_invoice_ids) i(invoice_id)
    cross join lateral (
      select a.ctid as place, a.invoice_id, a.line_no, a.credit_id, a.pin_id, a.amount
      from calc.allocation a
      where a.account_id = p_account_id
        and a.invoice_id = i.invoice_id
        and a.turn_on is null
      offset 0
    ) d
  ),
  differing as materialized (
    select
      invoice_id,
      line_no,
      credit_id,
      pin_id,
      coalesce(m.amount, 0) as amount,
      coalesce(k.amount, 0) as kept_amount,
      k.place
    from made m
    full join kept k using (invoice_id, line_no, credit_id, pin_id)
    where m.amount is distinct from k.amount
  ),
  gone as (
    delete from calc.allocation a
    using differing d
    where a.ctid = d.place
      and d.amount = 0
  ),
  changed as (
    update calc.allocation a
    set amount = d.amount
    from differing d
    where a.ctid = d.place
      and d.amount > 0
  )
  select
    array_agg(d.invoice_id) as invoice_id,
    array_agg(d.line_no) as line_no,
    array_agg(d.credit_id) as credit_id,
    array_agg(d.pin_id) as pin_id,
    array_agg(d.amount) as amount,
    array_agg(d.amount - d.kept_amount) as grown,
    array_agg(d.kept_amount) as kept_amount,
    -- Stage 2 can differ from the day on which the first of these documents takes its turn.
    min(least(l.doc_date, c.turn_on)) as turn_on
  into v_d
  from differing d
  cross join lateral (
    select l.doc_date
    from calc.line l
    where l.account_id = p_account_id
      and l.invoice_id = d.invoice_id
      and l.line_no = d.line_no
    offset 0
  ) l
  cross join lateral (
    select c.turn_on
    from calc.credit c
    where c.account_id = p_account_id
      and c.credit_id = d.credit_id
    offset 0
  ) c;

  if v_d.invoice_id is null then
    return null;
  end if;

  -- Stage 2 gave this line of this credit by itself: the instruction takes its place.
  with taken as (
    delete from calc.allocation a
    using unnest(v_d.invoice_id, v_d.line_no, v_d.credit_id, v_d.pin_id, v_d.kept_amount)
      d(invoice_id, line_no, credit_id, pin_id, kept_amount)
    where a.account_id = p_account_id
      and a.invoice_id = d.invoice_id
      and a.line_no = d.line_no
      and a.credit_id = d.credit_id
      and a.pin_id = 0
      and d.pin_id = 0
      and d.kept_amount = 0
    returning a.invoice_id, a.line_no, a.credit_id, -a.amount as amount
  )
  select
    v_d.invoice_id || array_agg(t.invoice_id) as invoice_id,
    v_d.line_no || array_agg(t.line_no) as line_no,
    v_d.credit_id || array_agg(t.credit_id) as credit_id,
    v_d.grown || array_agg(t.amount) as amount
  into v
  from taken t;

  insert into calc.allocation (account_id, invoice_id, credit_id, pin_id, line_no, reason, amount)
  select
    p_account_id,
    d.invoice_id,
    d.credit_id,
    d.pin_id,
    d.line_no,
    case when d.pin_id > 0 then 'pin' else 'linked' end,
    d.amount
  from unnest(
    v_d.invoice_id, v_d.line_no, v_d.credit_id, v_d.pin_id, v_d.amount, v_d.kept_amount
  ) d(invoice_id, line_no, credit_id, pin_id, amount, kept_amount)
  where d.kept_amount = 0;

  perform calc.shift(p_account_id, v.invoice_id, v.line_no, v.credit_id, v.amount);
  return v_d.turn_on;
end
$$;

comment on function calc.bring_told(bigint, bigint[], bigint[]) is
  'Works out stage 1 again for the instructions that hang together with these documents, writes what differs, and gives the day from which stage 2 can differ (null: nowhere).';
