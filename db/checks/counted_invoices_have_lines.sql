-- The lines of an active invoice add up to it, and no other invoice has lines
select
  coalesce(i.account_id, l.account_id) as account_id,
  coalesce(i.invoice_id, l.invoice_id) as invoice_id,
  i.status,
  i.amount,
  l.amount as of_lines
from doc.invoice as i
full join (
  select l.account_id, l.invoice_id, sum(l.amount) as amount
  from calc.line as l
  group by l.account_id, l.invoice_id
) as l on l.account_id = i.account_id and l.invoice_id = i.invoice_id
where l.amount is distinct from case when i.status = 'active' then i.amount::numeric end;
