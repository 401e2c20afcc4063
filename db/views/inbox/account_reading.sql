create or replace view inbox.account_reading as
select
  r.inbox_id,
  r.batch,
  null::text as unit,
  f.account_id as found_id,
  concat_ws('/', party.party_id, t.side, t.currency) as key,
  party.party_id,
  t.currency,
  t.side,
  t.policy,
  payment_term.payment_term_id,
  t.credit_limit,
  t.tolerance_days,
  t.risk_days,
  t.cheque_grace_days,
  t.note,
  case
    when inbox.clean(r.party_code) is null
      then array[('party_code_missing', 'party_code is empty')::inbox.complaint]
    when party.party_id is null
      then inbox.unknown_complaint('party_code', r.party_code)
  end
  || case
    when currency.code is null
      then inbox.unknown_complaint('currency', t.currency)
  end
  || case
    when t.side is null and r.side is not null
      then inbox.word_complaint('side', r.side, array['receivable', 'payable'])
  end
  || case
    when t.policy is null and r.policy is not null
      then inbox.word_complaint('policy', r.policy, array['fifo_issue', 'fifo_due', 'manual'])
  end
  || case
    when payment_term.payment_term_id is null and r.payment_term_code is not null
      then inbox.unknown_complaint('payment_term_code', r.payment_term_code)
  end
  || case
    when t.credit_limit is null and r.credit_limit is not null
      then inbox.limit_complaint('credit_limit', r.credit_limit)
  end
  || case
    when t.tolerance_days is null and r.tolerance_days is not null
      then inbox.int_complaint('tolerance_days', r.tolerance_days, 0, 3650)
  end
  || case
    when t.risk_days is null and r.risk_days is not null
      then inbox.int_complaint('risk_days', r.risk_days, 0, 3650)
  end
  || case
    when t.cheque_grace_days is null and r.cheque_grace_days is not null
      then inbox.int_complaint('cheque_grace_days', r.cheque_grace_days, 0, 3650)
  end
  || inbox.style_complaint(r.date_style) as complaints
from inbox.account as r
cross join lateral (
  select
    coalesce(upper(inbox.clean(r.currency)), 'IRR') as currency,
    inbox.try_word(
      coalesce(inbox.clean(r.side), 'receivable'), array['receivable', 'payable']
    ) as side,
    inbox.try_word(r.policy, array['fifo_issue', 'fifo_due', 'manual']) as policy,
    inbox.try_limit(r.credit_limit) as credit_limit,
    inbox.try_int(r.tolerance_days, 0, 3650) as tolerance_days,
    inbox.try_int(r.risk_days, 0, 3650) as risk_days,
    inbox.try_int(r.cheque_grace_days, 0, 3650) as cheque_grace_days,
    nullif(btrim(r.note), '') as note
  -- Keeps the parsing from being pulled up and done once for each mention.
  offset 0
) as t
left join ref.payment_term on payment_term.code = inbox.clean(r.payment_term_code)
left join ref.party on ref.persian_text(party.code) = inbox.clean(r.party_code)
left join ref.currency on currency.code = t.currency
left join ref.account as f
  on f.party_id = party.party_id and f.side = t.side and f.currency = t.currency;

comment on view inbox.account_reading is
  'Each row of inbox.account as it reads now, with what is wrong with it (null: nothing).';
