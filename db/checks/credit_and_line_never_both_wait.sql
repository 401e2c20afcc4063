-- Where allocation is automatic, open lines and left-over credits never wait at once
select l.account_id, l.open_amount, c.unapplied_amount
from (
  select l.account_id, sum(l.open_amount) as open_amount
  from calc.line as l
  where l.open_amount > 0
    and l.is_auto
  group by l.account_id
) as l
join (
  select c.account_id, sum(c.unapplied_amount) as unapplied_amount
  from calc.credit as c
  where c.unapplied_amount > 0
    and c.is_auto
  group by c.account_id
) as c on c.account_id = l.account_id
join ref.account as a on a.account_id = l.account_id
where a.policy <> 'manual';
