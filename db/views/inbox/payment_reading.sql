create or replace view inbox.payment_reading as
select
  r.inbox_id,
  r.batch,
  a.account_id,
  null::text as unit,
  t.source,
  coalesce(
    inbox.clean(r.external_id),
    'no:' || t.doc_no || '@' || t.doc_date,
    'row:' || md5(concat_ws(
      '|',
      a.account_id, t.method, t.doc_date, t.value_date, t.amount, t.bank_reference, i.invoice_id
    ))
  ) as external_id,
  i.invoice_id as pin_invoice_id,
  c.cheque_id,
  t.method,
  t.doc_no,
  t.doc_date,
  t.value_date,
  t.amount,
  t.bank_reference,
  t.auto_allocate,
  t.status,
  t.note,
  a.complaint
  || i.complaint
  || c.complaint
  || case
    when inbox.try_sayad(r.cheque_sayad_id) is null and r.cheque_sayad_id is not null
      then inbox.sayad_complaint('cheque_sayad_id', r.cheque_sayad_id)
  end
  || case
    when t.method is null and r.method is not null
      then inbox.word_complaint(
        'method', r.method, array[
          'cash', 'transfer', 'card',
          'deposit_slip', 'opening'
        ]
      )
  end
  || case
    when t.doc_date is null and r.doc_date is not null
      then inbox.date_complaint('doc_date', r.doc_date, r.date_style)
  end
  || case
    when t.value_date is null and r.value_date is not null
      then inbox.date_complaint('value_date', r.value_date, r.date_style)
  end
  || case
    when t.amount is null and r.amount is not null
      then inbox.amount_complaint('amount', r.amount)
  end
  || case
    when t.auto_allocate is null and r.auto_allocate is not null
      then inbox.bool_complaint('auto_allocate', r.auto_allocate)
  end
  || case
    when t.status is null and r.status is not null
      then inbox.word_complaint(
        'status', r.status, array['pending', 'approved', 'rejected', 'void']
      )
  end
  || inbox.style_complaint(r.date_style) as complaints
from inbox.payment as r
cross join lateral inbox.find_account(
  r.account_id, r.party_code, r.side, r.currency
) as a
cross join lateral (
  select
    coalesce(inbox.clean(r.source), 'inbox') as source,
    inbox.try_word(r.method, array[
      'cash', 'transfer', 'card',
      'deposit_slip', 'opening'
    ]) as method,
    inbox.clean(r.doc_no) as doc_no,
    inbox.try_date(r.doc_date, r.date_style) as doc_date,
    inbox.try_date(r.value_date, r.date_style) as value_date,
    inbox.try_amount(r.amount) as amount,
    inbox.clean(r.bank_reference) as bank_reference,
    inbox.try_bool(r.auto_allocate) as auto_allocate,
    inbox.try_word(r.status, array['pending', 'approved', 'rejected', 'void']) as status,
    nullif(btrim(r.note), '') as note
  -- Keeps the parsing from being pulled up and done once for each mention.
  offset 0
) as t
cross join lateral inbox.find_invoice(
  a.account_id, t.source, inbox.clean(r.invoice_external_id), inbox.clean(r.invoice_no)
) as i
cross join lateral inbox.find_cheque(
  a.account_id, t.source, inbox.clean(r.cheque_external_id), inbox.try_sayad(r.cheque_sayad_id)
) as c;

comment on view inbox.payment_reading is
  'Each row of inbox.payment as it reads now, with what is wrong with it (null: nothing).';
