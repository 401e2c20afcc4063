-- What is open of an invoice is between 0 and its amount, and its parts add up
select
  i.account_id,
  i.invoice_id,
  i.amount,
  i.credited_amount,
  i.paid_amount,
  i.open_amount
from bi.invoice as i
where i.status <> 'void'
  and (
    i.open_amount not between 0 and i.amount
    or i.open_amount <> i.amount - i.credited_amount - i.paid_amount
  );
