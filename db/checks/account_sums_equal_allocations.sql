-- The sums kept of an account equal those of its lines
select
  k.account_id,
  k.paid_amount,
  l.paid_amount as of_lines,
  k.settlement_money_days,
  l.settlement_money_days as settlement_of_lines,
  k.variance_money_days,
  l.variance_money_days as variance_of_lines
from calc.account as k
left join (
  select
    l.account_id,
    sum(l.paid_amount) as paid_amount,
    sum(l.value_money_days - l.paid_amount * (l.doc_date - date '2000-01-01'))
      as settlement_money_days,
    sum(l.value_money_days - l.paid_amount * (l.due_date - date '2000-01-01'))
      as variance_money_days
  from calc.line as l
  where l.is_measured
  group by l.account_id
) as l on l.account_id = k.account_id
where (k.paid_amount, k.settlement_money_days, k.variance_money_days) is distinct from (
  coalesce(l.paid_amount, 0),
  coalesce(l.settlement_money_days, 0),
  coalesce(l.variance_money_days, 0)
);
