create or replace view calc.receivable_day_live as
select
  e.month,
  a.side,
  a.currency,
  e.day,
  sum(e.sales_amount) as sales_amount,
  sum(e.receipt_amount) as receipt_amount,
  sum(e.open_change) as open_change,
  sum(e.current_change) as current_change
from (
  select
    l.account_id,
    i.month,
    v.day,
    v.sales_amount,
    0 as receipt_amount,
    v.open_change,
    v.current_change
  from calc.marked_invoice i
  cross join lateral (
    select l.account_id, l.doc_date, l.due_date, l.is_measured, l.amount
    from calc.line l
    where l.account_id = i.account_id
      and l.invoice_id = i.invoice_id
    offset 0
  ) l
  cross join lateral (
    values
      (
        l.doc_date,
        case when l.is_measured then l.amount else 0 end,
        l.amount,
        case when l.due_date >= l.doc_date then l.amount else 0 end
      ),
      (l.due_date + 1, 0, 0, case when l.due_date >= l.doc_date then -l.amount else 0 end)
  ) v(day, sales_amount, open_change, current_change)
  union all
  select
    l.account_id,
    i.month,
    v.day,
    0,
    v.receipt_amount,
    v.open_change,
    v.current_change
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
  cross join lateral (
    values
      (c.doc_date, case when c.value_date is not null then k.amount else 0 end, 0, 0),
      (
        greatest(l.doc_date, c.doc_date),
        0,
        -k.amount,
        case when l.due_date >= greatest(l.doc_date, c.doc_date) then -k.amount else 0 end
      ),
      (
        l.due_date + 1,
        0,
        0,
        case when l.due_date >= greatest(l.doc_date, c.doc_date) then k.amount else 0 end
      )
  ) v(day, receipt_amount, open_change, current_change)
) e
join ref.account a on a.account_id = e.account_id
group by e.month, a.side, a.currency, e.day;

comment on view calc.receivable_day_live is
  'calc.receivable_day of the marked months, computed now. Key: month, side, currency, day.';
