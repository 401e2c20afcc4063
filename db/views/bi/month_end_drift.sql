create or replace view bi.month_end_drift as
select
  m.as_of::date as as_of,
  b.account_id,
  b.party_id,
  b.party_code,
  b.party_name,
  b.side,
  b.currency,
  f.figure,
  f.kept_amount,
  f.now_amount,
  f.now_amount - f.kept_amount as moved_amount
from audit.month_end m
cross join (
  select a.account_id, a.party_id, p.code as party_code, p.name as party_name, a.side, a.currency
  from ref.account a
  join ref.party p on p.party_id = a.party_id
) b
left join audit.month_end_account k
  on k.month_end_id = m.month_end_id
  and k.account_id = b.account_id
cross join lateral calc.account_sum_as_of(array[b.account_id], m.as_of) s
cross join lateral (
  values
    ('open_amount', coalesce(k.open_amount, 0), s.open_amount),
    ('unapplied_amount', coalesce(k.unapplied_amount, 0), s.unapplied_amount),
    ('balance', coalesce(k.balance, 0), s.open_amount - s.unapplied_amount),
    ('blocked_amount', coalesce(k.blocked_amount, 0), s.blocked_amount),
    ('uncleared_amount', coalesce(k.uncleared_amount, 0), s.uncleared_amount),
    ('bounced_amount', coalesce(k.bounced_amount, 0), s.bounced_amount),
    (
      'exposure_amount',
      coalesce(k.exposure_amount, 0),
      s.open_amount - s.unapplied_amount + s.uncleared_amount
    ),
    ('overdue_amount', coalesce(k.overdue_amount, 0), s.overdue_amount),
    ('debt_depth', coalesce(k.debt_depth, 0), s.debt_depth),
    ('risky_amount', coalesce(k.risky_amount, 0), s.risky_amount),
    ('settled_paid_amount', coalesce(k.settled_paid_amount, 0), s.settled_paid_amount),
    ('settlement_money_days', coalesce(k.settlement_money_days, 0), s.settlement_money_days),
    ('variance_money_days', coalesce(k.variance_money_days, 0), s.variance_money_days),
    ('not_due', coalesce(k.not_due, 0), s.not_due),
    ('d1_30', coalesce(k.d1_30, 0), s.d1_30),
    ('d31_60', coalesce(k.d31_60, 0), s.d31_60),
    ('d61_90', coalesce(k.d61_90, 0), s.d61_90),
    ('d91_120', coalesce(k.d91_120, 0), s.d91_120),
    ('over_120', coalesce(k.over_120, 0), s.over_120)
) f (figure, kept_amount, now_amount)
where not exists (
  select
  from audit.month_end n
  where n.as_of = m.as_of
    and n.month_end_id > m.month_end_id
)
  and f.now_amount <> f.kept_amount;

comment on view bi.month_end_drift is
  'What has moved since a month was closed: a row for each figure of bi.month_end that would come out otherwise now (as of the same day). Give as_of, and account_id where one will do: each account is asked for as of the day again. Key: as_of, account_id, figure.';
comment on column bi.month_end_drift.as_of is 'The last day of the month that was kept.';
comment on column bi.month_end_drift.account_id is 'The account (ref.account).';
comment on column bi.month_end_drift.party_id is 'The customer or supplier (ref.party).';
comment on column bi.month_end_drift.party_code is 'Its code.';
comment on column bi.month_end_drift.party_name is 'Its name.';
comment on column bi.month_end_drift.side is 'receivable: they owe us; payable: we owe them.';
comment on column bi.month_end_drift.currency is 'Of every amount in the row.';
comment on column bi.month_end_drift.figure is 'The column of bi.month_end.';
comment on column bi.month_end_drift.kept_amount is 'As it was kept; 0 for an account that is newer.';
comment on column bi.month_end_drift.now_amount is 'As of the same day, by the documents as they are now known.';
comment on column bi.month_end_drift.moved_amount is 'now_amount − kept_amount.';
