-- No credit gives more than it has
select c.account_id, c.credit_id, c.credit_type, c.amount, c.unapplied_amount
from calc.credit as c
where c.unapplied_amount < 0
  or c.unapplied_amount > c.amount;
