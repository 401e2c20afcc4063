-- What is left of a credit is its amount less its allocations
select c.account_id, c.credit_id, c.credit_type, c.amount, c.unapplied_amount, s.allocated
from calc.credit as c
cross join lateral (
  select coalesce(sum(k.amount), 0) as allocated
  from calc.allocation as k
  where k.account_id = c.account_id
    and k.credit_id = c.credit_id
) as s
where c.unapplied_amount <> c.amount - s.allocated;
