create or replace function calc.revalue(p_account_id bigint, p_credit calc.credit[])
returns void
language plpgsql
volatile
as $$
begin
  with revalued as (
    select
      n.credit_id,
      n.value_date,
      n.is_cleared,
      n.is_write_off,
      n.value_date - c.value_date as days,
      coalesce(n.is_cleared::int - c.is_cleared::int, 0) as cleared,
      n.is_write_off::int - c.is_write_off::int as written_off,
      c.place
    from unnest(p_credit) n
    cross join lateral (
      select c.ctid as place, c.value_date, c.is_cleared, c.is_write_off
      from calc.credit c
      where c.account_id = p_account_id
        and c.credit_id = n.credit_id
      offset 0
    ) c
  ),
  credit_done as (
    update calc.credit c
    set value_date = r.value_date, is_cleared = r.is_cleared, is_write_off = r.is_write_off
    from revalued r
    where c.ctid = r.place
  ),
  line_done as (
    update calc.line l
    set
      value_money_days = l.value_money_days + m.money_days,
      cleared_amount = l.cleared_amount + m.cleared,
      written_off_amount = l.written_off_amount + m.written_off
    from (
      select
        a.invoice_id,
        a.line_no,
        coalesce(sum(a.amount * r.days), 0) as money_days,
        sum(a.amount * r.cleared) as cleared,
        sum(a.amount * r.written_off) as written_off
      from revalued r
      cross join lateral (
        select a.invoice_id, a.line_no, a.amount
        from calc.allocation a
        where a.account_id = p_account_id
          and a.credit_id = r.credit_id
        offset 0
      ) a
      group by a.invoice_id, a.line_no
    ) m
    cross join lateral (
      select k.ctid as place
      from calc.line k
      where k.account_id = p_account_id
        and k.invoice_id = m.invoice_id
        and k.line_no = m.line_no
      offset 0
    ) k
    where l.ctid = k.place
    returning
      case when l.is_measured then m.money_days else 0 end as money_days,
      l.doc_date
  ),
  marked as (
    insert into calc.dirty (month)
    select distinct date_trunc('month', d.doc_date::timestamp)::date
    from line_done d
  )
  update calc.account a
  set
    settlement_money_days = a.settlement_money_days + s.money_days,
    variance_money_days = a.variance_money_days + s.money_days
  from (
    select sum(d.money_days) as money_days
    from line_done d
  ) s
  where a.account_id = p_account_id
    and s.money_days <> 0;
end
$$;

comment on function calc.revalue(bigint, calc.credit[]) is
  'Credits that settle what they did, but with another value date, clearing or write-off: brings their lines and the account in step.';
