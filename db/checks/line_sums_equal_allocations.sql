-- The sums kept of a line equal its allocations
select
  l.account_id,
  l.invoice_id,
  l.line_no,
  l.amount,
  l.open_amount,
  s.amount as allocated,
  l.credited_amount,
  s.credited_amount as credited,
  l.written_off_amount,
  s.written_off_amount as written_off,
  l.paid_amount,
  s.paid_amount as paid,
  l.cleared_amount,
  s.cleared_amount as cleared,
  l.value_money_days,
  s.value_money_days as value_money_days_allocated,
  l.last_effective_date,
  s.last_effective_date as last_allocated
from calc.line as l
cross join lateral (
  select
    coalesce(sum(k.amount), 0) as amount,
    coalesce(sum(k.amount) filter (where c.value_date is null), 0) as credited_amount,
    coalesce(sum(k.amount) filter (where c.is_write_off), 0) as written_off_amount,
    coalesce(sum(k.amount) filter (where c.value_date is not null), 0) as paid_amount,
    coalesce(sum(k.amount) filter (where c.is_cleared), 0) as cleared_amount,
    coalesce(sum(k.amount * (c.value_date - date '2000-01-01')), 0) as value_money_days,
    max(greatest(l.doc_date, c.doc_date)) as last_effective_date
  from calc.allocation as k
  join calc.credit as c on c.account_id = k.account_id and c.credit_id = k.credit_id
  where k.account_id = l.account_id
    and k.invoice_id = l.invoice_id
    and k.line_no = l.line_no
) as s
where (
  l.open_amount,
  l.credited_amount,
  l.written_off_amount,
  l.paid_amount,
  l.cleared_amount,
  l.value_money_days,
  l.last_effective_date
) is distinct from (
  l.amount - s.amount,
  s.credited_amount,
  s.written_off_amount,
  s.paid_amount,
  s.cleared_amount,
  s.value_money_days,
  s.last_effective_date
);
