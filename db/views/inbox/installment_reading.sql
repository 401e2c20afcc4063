create or replace view inbox.installment_reading as
select
  r.inbox_id,
  r.batch,
  a.account_id,
  concat_ws('/', a.account_id, i.invoice_id) as unit,
  f.installment_id as found_id,
  case
    when i.invoice_id is not null and t.line_no is not null
      then concat_ws('/', a.account_id, i.invoice_id, t.line_no)
  end as key,
  i.invoice_id,
  t.line_no,
  t.due_date,
  t.amount,
  t.note,
  a.complaint
  || i.complaint
  || case
    when inbox.clean(r.invoice_external_id) is null and inbox.clean(r.invoice_no) is null
      then array[(
        'invoice_missing', 'neither invoice_external_id nor invoice_no is given'
      )::inbox.complaint]
  end
  || case
    when t.line_no is null and r.line_no is not null
      then inbox.int_complaint('line_no', r.line_no, 1, 100000)
  end
  || case
    when t.due_date is null and r.due_date is not null
      then inbox.date_complaint('due_date', r.due_date, r.date_style)
  end
  || case
    when t.amount is null and r.amount is not null
      then inbox.amount_complaint('amount', r.amount)
  end
  || inbox.style_complaint(r.date_style) as complaints
from inbox.installment as r
cross join lateral inbox.find_account(
  r.account_id, r.party_code, r.side, r.currency
) as a
cross join lateral (
  select
    coalesce(inbox.clean(r.source), 'inbox') as source,
    inbox.try_int(r.line_no, 1, 100000) as line_no,
    inbox.try_date(r.due_date, r.date_style) as due_date,
    inbox.try_amount(r.amount) as amount,
    nullif(btrim(r.note), '') as note
  -- Keeps the parsing from being pulled up and done once for each mention.
  offset 0
) as t
cross join lateral inbox.find_invoice(
  a.account_id, t.source, inbox.clean(r.invoice_external_id), inbox.clean(r.invoice_no)
) as i
left join doc.installment as f
  on f.account_id = a.account_id and f.invoice_id = i.invoice_id and f.line_no = t.line_no;

comment on view inbox.installment_reading is
  'Each row of inbox.installment as it reads now, with what is wrong with it (null: nothing).';
