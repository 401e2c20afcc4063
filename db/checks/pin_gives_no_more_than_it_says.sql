-- No pin gives more than it says
select p.account_id, p.pin_id, p.invoice_id, p.amount, sum(k.amount) as given
from doc.pin as p
join calc.allocation as k
  on k.account_id = p.account_id
  and k.invoice_id = p.invoice_id
  and k.pin_id = p.pin_id
group by p.account_id, p.pin_id, p.invoice_id, p.amount
having sum(k.amount) > p.amount;
