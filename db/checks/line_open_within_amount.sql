-- No line is settled beyond its amount
select l.account_id, l.invoice_id, l.line_no, l.amount, l.open_amount
from calc.line as l
where l.open_amount < 0
  or l.open_amount > l.amount;
