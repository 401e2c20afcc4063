create or replace view inbox.set_off_reading as
select
  r.inbox_id,
  r.batch,
  a.account_id,
  concat_ws('/', t.source, t.set_off_no, a.currency) as unit,
  t.source,
  coalesce(
    inbox.clean(r.external_id),
    'no:' || t.set_off_no || '@' || t.doc_date || '/' || a.account_id
  ) as external_id,
  i.invoice_id as pin_invoice_id,
  t.set_off_no,
  t.doc_date,
  t.amount,
  t.status,
  t.note,
  a.complaint
  || i.complaint
  || case
    when t.doc_date is null and r.doc_date is not null
      then inbox.date_complaint('doc_date', r.doc_date, r.date_style)
  end
  || case
    when t.amount is null and r.amount is not null
      then inbox.amount_complaint('amount', r.amount)
  end
  || case
    when t.status is null and r.status is not null
      then inbox.word_complaint('status', r.status, array['active', 'void'])
  end
  || inbox.style_complaint(r.date_style) as complaints
from inbox.set_off as r
cross join lateral inbox.find_account(
  r.account_id, r.party_code, r.side, r.currency
) as a
cross join lateral (
  select
    coalesce(inbox.clean(r.source), 'inbox') as source,
    inbox.clean(r.set_off_no) as set_off_no,
    inbox.try_date(r.doc_date, r.date_style) as doc_date,
    inbox.try_amount(r.amount) as amount,
    inbox.try_word(r.status, array['active', 'void']) as status,
    nullif(btrim(r.note), '') as note
  -- Keeps the parsing from being pulled up and done once for each mention.
  offset 0
) as t
cross join lateral inbox.find_invoice(
  a.account_id, t.source, inbox.clean(r.invoice_external_id), inbox.clean(r.invoice_no)
) as i;

comment on view inbox.set_off_reading is
  'Each row of inbox.set_off as it reads now, with what is wrong with it (null: nothing).';
