-- An allocation is over 0
select k.account_id, k.invoice_id, k.line_no, k.credit_id, k.pin_id, k.amount
from calc.allocation as k
where k.amount <= 0;
