create or replace view inbox.pin_reading as
select
  r.inbox_id,
  r.batch,
  a.account_id,
  null::text as unit,
  f.pin_id as found_id,
  concat_ws(
    '/', a.account_id, i.invoice_id, p.payment_id, c.cheque_id, s.set_off_id
  ) as key,
  i.invoice_id,
  p.payment_id,
  c.cheque_id,
  s.set_off_id,
  t.amount,
  t.note,
  a.complaint
  || i.complaint
  || c.complaint
  || case
    when inbox.try_sayad(r.cheque_sayad_id) is null and r.cheque_sayad_id is not null
      then inbox.sayad_complaint('cheque_sayad_id', r.cheque_sayad_id)
  end
  || p.complaint
  || s.complaint
  || case
    when inbox.clean(r.invoice_external_id) is null and inbox.clean(r.invoice_no) is null
      then array[(
        'invoice_missing', 'neither invoice_external_id nor invoice_no is given'
      )::inbox.complaint]
  end
  || case
    when num_nonnulls(
      coalesce(inbox.clean(r.payment_external_id), inbox.clean(r.payment_no)),
      coalesce(inbox.clean(r.cheque_external_id), inbox.clean(r.cheque_sayad_id)),
      coalesce(inbox.clean(r.set_off_external_id), inbox.clean(r.set_off_no))
    ) <> 1
      then array[(
        'pin_names_one_credit', 'a pin names exactly one payment, cheque or set-off'
      )::inbox.complaint]
  end
  || case
    when t.amount is null and r.amount is not null
      then inbox.amount_complaint('amount', r.amount)
  end
  || inbox.style_complaint(r.date_style) as complaints
from inbox.pin as r
cross join lateral inbox.find_account(
  r.account_id, r.party_code, r.side, r.currency
) as a
cross join lateral (
  select
    coalesce(inbox.clean(r.source), 'inbox') as source,
    inbox.try_amount(r.amount) as amount,
    nullif(btrim(r.note), '') as note
  -- Keeps the parsing from being pulled up and done once for each mention.
  offset 0
) as t
cross join lateral inbox.find_invoice(
  a.account_id, t.source, inbox.clean(r.invoice_external_id), inbox.clean(r.invoice_no)
) as i
cross join lateral inbox.find_cheque(
  a.account_id, t.source, inbox.clean(r.cheque_external_id), inbox.try_sayad(r.cheque_sayad_id)
) as c
cross join lateral inbox.find_payment(
  a.account_id, t.source, inbox.clean(r.payment_external_id), inbox.clean(r.payment_no)
) as p
cross join lateral inbox.find_set_off(
  a.account_id, t.source, inbox.clean(r.set_off_external_id), inbox.clean(r.set_off_no)
) as s
left join lateral (
  select min(pin.pin_id) as pin_id
  from doc.pin
  where pin.account_id = a.account_id
  and pin.invoice_id = i.invoice_id
  and (
    pin.payment_id = p.payment_id
    or pin.cheque_id = c.cheque_id
    or pin.set_off_id = s.set_off_id
  )
) as f on true;

comment on view inbox.pin_reading is
  'Each row of inbox.pin as it reads now, with what is wrong with it (null: nothing).';
