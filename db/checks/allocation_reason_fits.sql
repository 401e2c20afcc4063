-- An allocation told by a pin has its pin, and only such a one
select k.account_id, k.invoice_id, k.line_no, k.credit_id, k.reason, k.pin_id
from calc.allocation as k
left join doc.pin as p
  on p.account_id = k.account_id
  and p.pin_id = k.pin_id
  and p.invoice_id = k.invoice_id
  and k.credit_id in (p.payment_id, p.cheque_id, p.set_off_id)
where (k.reason = 'pin') <> (p.pin_id is not null)
  or (k.pin_id <> 0) <> (p.pin_id is not null);
