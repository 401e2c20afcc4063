-- An allocation is between a line and a credit that are there
select
  k.account_id,
  k.invoice_id,
  k.line_no,
  k.credit_id,
  l.invoice_id is not null as has_line,
  c.credit_id is not null as has_credit
from calc.allocation as k
left join calc.line as l
  on l.account_id = k.account_id
  and l.invoice_id = k.invoice_id
  and l.line_no = k.line_no
left join calc.credit as c on c.account_id = k.account_id and c.credit_id = k.credit_id
where l.invoice_id is null
  or c.credit_id is null;
