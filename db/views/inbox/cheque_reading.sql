create or replace view inbox.cheque_reading as
select
  r.inbox_id,
  r.batch,
  a.account_id,
  null::text as unit,
  t.source,
  coalesce(
    inbox.clean(r.external_id),
    'sayad:' || t.sayad_id,
    'row:' || md5(concat_ws(
      '|', a.account_id, t.kind, t.serial_no, t.bank, t.doc_date, t.due_date, t.amount
    ))
  ) as external_id,
  i.invoice_id as pin_invoice_id,
  c.cheque_id as replaces_cheque_id,
  t.kind,
  t.sayad_id,
  t.serial_no,
  t.bank,
  t.branch,
  t.drawer_name,
  t.doc_date,
  t.due_date,
  t.amount,
  t.status,
  t.status_date,
  t.cleared_on,
  t.auto_allocate,
  t.note,
  a.complaint
  || i.complaint
  || c.complaint
  || case
    when inbox.try_sayad(r.replaces_cheque_sayad_id) is null
      and r.replaces_cheque_sayad_id is not null
      then inbox.sayad_complaint('replaces_cheque_sayad_id', r.replaces_cheque_sayad_id)
  end
  || case
    when t.kind is null and r.kind is not null
      then inbox.word_complaint('kind', r.kind, array['payment', 'guarantee'])
  end
  || case
    when t.sayad_id is null and r.sayad_id is not null
      then inbox.sayad_complaint('sayad_id', r.sayad_id)
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
    when t.amount is null and r.amount is not null
      then inbox.amount_complaint('amount', r.amount)
  end
  || case
    when t.status is null and r.status is not null
      then inbox.word_complaint(
        'status', r.status, array[
          'submitted', 'in_hand', 'deposited', 'cleared',
          'bounced', 'endorsed', 'returned', 'void'
        ]
      )
  end
  || case
    when t.status_date is null and r.status_date is not null
      then inbox.date_complaint('status_date', r.status_date, r.date_style)
  end
  || case
    when t.cleared_on is null and r.cleared_on is not null
      then inbox.date_complaint('cleared_on', r.cleared_on, r.date_style)
  end
  || case
    when t.auto_allocate is null and r.auto_allocate is not null
      then inbox.bool_complaint('auto_allocate', r.auto_allocate)
  end
  || inbox.style_complaint(r.date_style) as complaints
from inbox.cheque as r
cross join lateral inbox.find_account(
  r.account_id, r.party_code, r.side, r.currency
) as a
cross join lateral (
  select
    coalesce(inbox.clean(r.source), 'inbox') as source,
    inbox.try_word(r.kind, array['payment', 'guarantee']) as kind,
    inbox.try_sayad(r.sayad_id) as sayad_id,
    inbox.clean(r.serial_no) as serial_no,
    inbox.clean(r.bank) as bank,
    inbox.clean(r.branch) as branch,
    inbox.clean(r.drawer_name) as drawer_name,
    inbox.try_date(r.doc_date, r.date_style) as doc_date,
    inbox.try_date(r.due_date, r.date_style) as due_date,
    inbox.try_amount(r.amount) as amount,
    inbox.try_word(r.status, array[
      'submitted', 'in_hand', 'deposited', 'cleared',
      'bounced', 'endorsed', 'returned', 'void'
    ]) as status,
    inbox.try_date(r.status_date, r.date_style) as status_date,
    inbox.try_date(r.cleared_on, r.date_style) as cleared_on,
    inbox.try_bool(r.auto_allocate) as auto_allocate,
    nullif(btrim(r.note), '') as note
  -- Keeps the parsing from being pulled up and done once for each mention.
  offset 0
) as t
cross join lateral inbox.find_invoice(
  a.account_id, t.source, inbox.clean(r.invoice_external_id), inbox.clean(r.invoice_no)
) as i
cross join lateral inbox.find_cheque(
  a.account_id,
  t.source,
  inbox.clean(r.replaces_cheque_external_id),
  inbox.try_sayad(r.replaces_cheque_sayad_id)
) as c;

comment on view inbox.cheque_reading is
  'Each row of inbox.cheque as it reads now, with what is wrong with it (null: nothing).';
