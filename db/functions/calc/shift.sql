create or replace function calc.shift(
  p_account_id bigint,
  p_invoice_id bigint[],
  p_line_no int[],
  p_credit_id bigint[],
  p_amount numeric[],
  p_is_fresh boolean[] default '{}',
  p_line_turn bigint default 0,
  p_credit_turn bigint default 0
)
returns void
language plpgsql
volatile
as $$
begin
  -- Every row is looked up along its whole key (offset 0 keeps it so) and written where it lies: a
  -- plan made while the tables were small must not read an account's settled past.
  with line_moved as (
    select
      u.invoice_id,
      u.line_no,
      sum(u.amount) as amount,
      sum(case when c.value_date is null then u.amount else 0 end) as credited,
      sum(case when c.is_write_off then u.amount else 0 end) as written_off,
      sum(case when c.is_cleared then u.amount else 0 end) as cleared,
      sum(u.amount * coalesce(c.value_date - date '2000-01-01', 0)) as value_money_days,
      max(c.doc_date) as doc_date
    from unnest(p_invoice_id, p_line_no, p_credit_id, p_amount)
      as u(invoice_id, line_no, credit_id, amount)
    cross join lateral (
      select c.doc_date, c.value_date, c.is_cleared, c.is_write_off
      from calc.credit c
      where c.account_id = p_account_id
        and c.credit_id = u.credit_id
      offset 0
    ) c
    group by u.invoice_id, u.line_no
  ),
  line_done as (
    update calc.line l
    set
      open_amount = l.open_amount - m.amount,
      is_open = l.open_amount > m.amount,
      credited_amount = l.credited_amount + m.credited,
      written_off_amount = l.written_off_amount + m.written_off,
      paid_amount = l.paid_amount + m.amount - m.credited,
      cleared_amount = l.cleared_amount + m.cleared,
      value_money_days = l.value_money_days + m.value_money_days,
      last_effective_date = greatest(l.last_effective_date, l.doc_date, m.doc_date)
    from (
      select m.*, k.place
      from line_moved m
      cross join lateral (
        select k.ctid as place
        from calc.line k
        where k.account_id = p_account_id
          and k.invoice_id = m.invoice_id
          and k.line_no = m.line_no
        offset 0
      ) k
    ) m
    where l.ctid = m.place
    returning
      l.doc_date - date '2000-01-01' as doc_days,
      l.due_date - date '2000-01-01' as due_days,
      m.value_money_days,
      case when l.is_measured then m.amount - m.credited end as paid,
      l.doc_date
  ),
  marked as (
    insert into calc.dirty (month)
    select distinct date_trunc('month', d.doc_date::timestamp)::date
    from line_done d
  )
  update calc.account a
  set
    last_line_turn = greatest(a.last_line_turn, p_line_turn),
    last_credit_turn = greatest(a.last_credit_turn, p_credit_turn),
    paid_amount = a.paid_amount + s.paid,
    settlement_money_days = a.settlement_money_days + s.settlement,
    variance_money_days = a.variance_money_days + s.variance
  from (
    select
      coalesce(sum(d.paid), 0) as paid,
      coalesce(sum(d.value_money_days - d.paid * d.doc_days), 0) as settlement,
      coalesce(sum(d.value_money_days - d.paid * d.due_days), 0) as variance
    from line_done d
  ) s
  where a.account_id = p_account_id
    and (
      s.paid <> 0
      or s.settlement <> 0
      or s.variance <> 0
      or p_line_turn > a.last_line_turn
      or p_credit_turn > a.last_credit_turn
    );

  -- The latest date of what is left can't be told from what went.
  if 0 > any (p_amount) then
    update calc.line l
    set last_effective_date = (
      select max(greatest(l.doc_date, c.doc_date))
      from calc.allocation a
      cross join lateral (
        select c.doc_date
        from calc.credit c
        where c.account_id = a.account_id
          and c.credit_id = a.credit_id
        offset 0
      ) c
      where a.account_id = l.account_id
        and a.invoice_id = l.invoice_id
        and a.line_no = l.line_no
    )
    from (
      select distinct u.invoice_id, u.line_no
      from unnest(p_invoice_id, p_line_no, p_amount) u(invoice_id, line_no, amount)
      where u.amount < 0
    ) m
    cross join lateral (
      select k.ctid as place
      from calc.line k
      where k.account_id = p_account_id
        and k.invoice_id = m.invoice_id
        and k.line_no = m.line_no
      offset 0
    ) k
    where l.ctid = k.place;
  end if;

  if p_is_fresh = '{}' or false = any (p_is_fresh) then
    update calc.credit c
    set
      unapplied_amount = c.unapplied_amount - m.amount,
      is_left = c.unapplied_amount > m.amount
    from (
      select u.credit_id, sum(u.amount) as amount
      from unnest(p_credit_id, p_amount, p_is_fresh) u(credit_id, amount, is_fresh)
      where u.is_fresh is not true
      group by u.credit_id
    ) m
    cross join lateral (
      select k.ctid as place
      from calc.credit k
      where k.account_id = p_account_id
        and k.credit_id = m.credit_id
      offset 0
    ) k
    where c.ctid = k.place;
  end if;
end
$$;

comment on function calc.shift(bigint, bigint[], int[], bigint[], numeric[], boolean[], bigint, bigint) is
  'Brings lines, credits and the account in step with allocations just written: p_amount is by how much each (line, credit) grew. p_is_fresh: whether its credit was kept with what is left of it already (none given: none was). p_*_turn: the account has seen these turns.';
