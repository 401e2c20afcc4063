create or replace view inbox.adjustment_reading as
select
  r.inbox_id,
  r.batch,
  a.account_id,
  null::text as unit,
  t.source,
  coalesce(
    inbox.clean(r.external_id),
    'no:' || t.doc_no || '@' || t.doc_date,
    'row:' || md5(concat_ws('|', a.account_id, t.kind, t.doc_date, t.amount, i.invoice_id))
  ) as external_id,
  i.invoice_id,
  t.kind,
  t.doc_no,
  t.doc_date,
  t.amount,
  t.status,
  t.note,
  a.complaint
  || i.complaint
  || case
    when t.kind is null and r.kind is not null
      then inbox.word_complaint('kind', r.kind, array['discount', 'write_off', 'rounding'])
  end
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
from inbox.adjustment as r
cross join lateral inbox.find_account(
  r.account_id, r.party_code, r.side, r.currency
) as a
cross join lateral (
  select
    coalesce(inbox.clean(r.source), 'inbox') as source,
    inbox.try_word(r.kind, array['discount', 'write_off', 'rounding']) as kind,
    inbox.clean(r.doc_no) as doc_no,
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

comment on view inbox.adjustment_reading is
  'Each row of inbox.adjustment as it reads now, with what is wrong with it (null: nothing).';
