-- The installments of an invoice add up to it
select i.account_id, i.invoice_id, i.doc_no, i.amount, sum(n.amount) as of_installments
from doc.invoice as i
join doc.installment as n on n.account_id = i.account_id and n.invoice_id = i.invoice_id
group by i.account_id, i.invoice_id
having sum(n.amount) <> i.amount;
