-- Two ways to the same rows, of which one is taken: invoice by invoice of the marked months, or, when
-- most are marked, all lines and allocations joined at once. What goes together is then added up
-- before it is spread over the days it touches: many documents share their days.
--
-- "offset 0" after the outer joins, though the rows are there: of columns that go together the
-- planner would expect next to nothing to join, and look up one after the other.
create or replace view calc.receivable_day_live as
select
  date_trunc('month', e.doc_date::timestamp)::date as month,
  e.side,
  e.currency,
  e.day,
  sum(e.sales_amount) as sales_amount,
  sum(e.receipt_amount) as receipt_amount,
  sum(e.open_change) as open_change,
  sum(e.current_change) as current_change
from (
  select
    i.side,
    i.currency,
    i.doc_date,
    v.day,
    v.sales_amount,
    0 as receipt_amount,
    v.open_change,
    v.current_change
  from (
    select
      a.side,
      a.currency,
      l.doc_date,
      l.due_date,
      l.is_measured,
      sum(l.amount) as amount
    from (
      select l.account_id, l.doc_date, l.due_date, l.is_measured, l.amount
      from calc.marked_invoice i
      cross join lateral (
        select l.account_id, l.doc_date, l.due_date, l.is_measured, l.amount
        from calc.line l
        where l.account_id = i.account_id
          and l.invoice_id = i.invoice_id
        offset 0
      ) l
      where not (select m.is_most from calc.marked_most m)
      union all
      select l.account_id, l.doc_date, l.due_date, l.is_measured, l.amount
      from calc.line l
      where (select m.is_most from calc.marked_most m)
        and date_trunc('month', l.doc_date::timestamp)::date in (
          select m.month
          from calc.marked_month m
        )
    ) l
    left join ref.account a on a.account_id = l.account_id
    group by a.side, a.currency, l.doc_date, l.due_date, l.is_measured
  ) i
  cross join lateral (
    values
      (
        i.doc_date,
        case when i.is_measured then i.amount else 0 end,
        i.amount,
        case when i.due_date >= i.doc_date then i.amount else 0 end
      ),
      (i.due_date + 1, 0, 0, case when i.due_date >= i.doc_date then -i.amount else 0 end)
  ) v(day, sales_amount, open_change, current_change)
  union all
  select
    s.side,
    s.currency,
    s.doc_date,
    v.day,
    0,
    v.receipt_amount,
    v.open_change,
    v.current_change
  from (
    select
      a.side,
      a.currency,
      k.doc_date,
      k.due_date,
      k.told_on,
      k.is_money,
      sum(k.amount) as amount
    from (
      select
        k.account_id,
        l.doc_date,
        l.due_date,
        c.doc_date as told_on,
        c.value_date is not null as is_money,
        k.amount
      from calc.marked_invoice i
      cross join lateral (
        select k.account_id, k.invoice_id, k.line_no, k.credit_id, k.amount
        from calc.allocation k
        where k.account_id = i.account_id
          and k.invoice_id = i.invoice_id
        offset 0
      ) k
      join calc.credit c on c.account_id = k.account_id and c.credit_id = k.credit_id
      join calc.line l
        on l.account_id = k.account_id
        and l.invoice_id = k.invoice_id
        and l.line_no = k.line_no
      where not (select m.is_most from calc.marked_most m)
      union all
      select k.account_id, k.doc_date, k.due_date, k.told_on, k.is_money, k.amount
      from (
        select
          k.account_id,
          l.doc_date,
          l.due_date,
          c.doc_date as told_on,
          c.value_date is not null as is_money,
          k.amount
        from calc.allocation k
        left join calc.credit c on c.account_id = k.account_id and c.credit_id = k.credit_id
        left join calc.line l
          on l.account_id = k.account_id
          and l.invoice_id = k.invoice_id
          and l.line_no = k.line_no
        offset 0
      ) k
      where (select m.is_most from calc.marked_most m)
        and date_trunc('month', k.doc_date::timestamp)::date in (
          select m.month
          from calc.marked_month m
        )
    ) k
    left join ref.account a on a.account_id = k.account_id
    group by a.side, a.currency, k.doc_date, k.due_date, k.told_on, k.is_money
  ) s
  cross join lateral (
    values
      (s.told_on, case when s.is_money then s.amount else 0 end, 0, 0),
      (
        greatest(s.doc_date, s.told_on),
        0,
        -s.amount,
        case when s.due_date >= greatest(s.doc_date, s.told_on) then -s.amount else 0 end
      ),
      (
        s.due_date + 1,
        0,
        0,
        case when s.due_date >= greatest(s.doc_date, s.told_on) then s.amount else 0 end
      )
  ) v(day, receipt_amount, open_change, current_change)
) e
group by date_trunc('month', e.doc_date::timestamp)::date, e.side, e.currency, e.day;

comment on view calc.receivable_day_live is
  'calc.receivable_day of the marked months, computed now. Key: month, side, currency, day.';
