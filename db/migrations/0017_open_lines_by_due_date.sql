-- The desk lists what is open by the day it is due, over the whole book.

create index line_open_due_idx on calc.line (due_date, account_id, invoice_id, line_no)
where is_open;
