create or replace view inbox.invoice_reading as
select
  r.inbox_id,
  r.batch,
  a.account_id,
  null::text as unit,
  t.source,
  coalesce(
    inbox.clean(r.external_id),
    'no:' || t.doc_no || '@' || t.doc_date,
    'row:' || md5(concat_ws('|', a.account_id, t.kind, t.doc_date, t.due_date, t.amount))
  ) as external_id,
  t.kind,
  t.doc_no,
  t.doc_date,
  t.due_date,
  payment_term.payment_term_id,
  t.amount,
  salesperson.salesperson_id,
  region.region_id,
  agency.agency_id,
  t.auto_allocate,
  t.status,
  t.note,
  a.complaint
  || case
    when t.kind is null and r.kind is not null
      then inbox.word_complaint(
        'kind', r.kind, array['invoice', 'debit_note', 'opening', 'refund']
      )
  end
  || case
    when t.doc_date is null and r.doc_date is not null
      then inbox.date_complaint('doc_date', r.doc_date, r.date_style)
  end
  || case
    when t.due_date is null and r.due_date is not null
      then inbox.date_complaint('due_date', r.due_date, r.date_style)
  end
  || case
    when payment_term.payment_term_id is null and r.payment_term_code is not null
      then inbox.unknown_complaint('payment_term_code', r.payment_term_code)
  end
  || case
    when t.amount is null and r.amount is not null
      then inbox.amount_complaint('amount', r.amount)
  end
  || case
    when salesperson.salesperson_id is null and r.salesperson_code is not null
      then inbox.unknown_complaint('salesperson_code', r.salesperson_code)
  end
  || case
    when region.region_id is null and r.region_code is not null
      then inbox.unknown_complaint('region_code', r.region_code)
  end
  || case
    when agency.agency_id is null and r.agency_code is not null
      then inbox.unknown_complaint('agency_code', r.agency_code)
  end
  || case
    when t.auto_allocate is null and r.auto_allocate is not null
      then inbox.bool_complaint('auto_allocate', r.auto_allocate)
  end
  || case
    when t.status is null and r.status is not null
      then inbox.word_complaint('status', r.status, array['active', 'void'])
  end
  || inbox.style_complaint(r.date_style) as complaints
from inbox.invoice as r
cross join lateral inbox.find_account(
  r.account_id, r.party_code, r.side, r.currency
) as a
cross join lateral (
  select
    coalesce(inbox.clean(r.source), 'inbox') as source,
    inbox.try_word(r.kind, array['invoice', 'debit_note', 'opening', 'refund']) as kind,
    inbox.clean(r.doc_no) as doc_no,
    inbox.try_date(r.doc_date, r.date_style) as doc_date,
    inbox.try_date(r.due_date, r.date_style) as due_date,
    inbox.try_amount(r.amount) as amount,
    inbox.try_bool(r.auto_allocate) as auto_allocate,
    inbox.try_word(r.status, array['active', 'void']) as status,
    nullif(btrim(r.note), '') as note
  -- Keeps the parsing from being pulled up and done once for each mention.
  offset 0
) as t
left join ref.payment_term on payment_term.code = inbox.clean(r.payment_term_code)
left join ref.salesperson on salesperson.code = inbox.clean(r.salesperson_code)
left join ref.region on region.code = inbox.clean(r.region_code)
left join ref.agency on agency.code = inbox.clean(r.agency_code);

comment on view inbox.invoice_reading is
  'Each row of inbox.invoice as it reads now, with what is wrong with it (null: nothing).';
