create or replace view mobile.customer
with (security_barrier = true)
as
select
  a.account_id,
  a.party_id,
  p.code as party_code,
  p.name as party_name,
  p.phone,
  a.currency,
  f.balance,
  f.open_amount,
  f.overdue_amount,
  f.debt_age_days,
  f.uncleared_amount,
  f.bounced_amount,
  a.credit_limit,
  f.credit_room,
  k.changed_at
from ref.party p
join ref.account a on a.party_id = p.party_id
left join calc.account k on k.account_id = a.account_id
cross join calc.this_day t
-- Account by account: a phone asks for tens of accounts of a book of many thousands.
cross join lateral (
  select
    sum(l.open_amount) as open_amount,
    sum(l.open_amount * (l.doc_date - date '2000-01-01')) as doc_money_days,
    sum(l.open_amount) filter (where l.due_date < t.today) as overdue_amount
  from calc.line l
  where l.account_id = a.account_id
    and l.is_open
) o
cross join lateral (
  select sum(c.unapplied_amount) as unapplied_amount
  from calc.credit c
  where c.account_id = a.account_id
    and c.is_left
) c
cross join lateral (
  select sum(c.amount) as uncleared_amount
  from calc.credit c
  where c.account_id = a.account_id
    and not c.is_cleared
) u
cross join lateral (
  select sum(greatest(q.amount - coalesce(d.amount, 0), 0)) as bounced_amount
  from doc.cheque q
  left join lateral (
    select sum(d.amount) as amount
    from doc.payment d
    where d.account_id = q.account_id
      and d.cheque_id = q.cheque_id
      and d.status = 'approved'
  ) d on true
  where q.account_id = a.account_id
    and q.kind = 'payment'
    and q.status = 'bounced'
) b
cross join lateral calc.account_figure(
  p_today => t.today,
  p_credit_limit => a.credit_limit,
  p_open_amount => o.open_amount,
  p_blocked_amount => null,
  p_doc_money_days => o.doc_money_days,
  p_due_money_days => null,
  p_overdue_amount => o.overdue_amount,
  p_debt_depth => null,
  p_risky_amount => null,
  p_unapplied_amount => c.unapplied_amount,
  p_uncleared_amount => u.uncleared_amount,
  p_uncleared_money_days => null,
  p_bounced_amount => b.bounced_amount,
  p_settled_paid_amount => null,
  p_settlement_money_days => null,
  p_variance_money_days => null
) f
where p.salesperson_id = (select mobile.salesperson_id())
  and a.side = 'receivable';

comment on view mobile.customer is
  'Each customer account of the salesperson who asks (mobile.salesperson_id): what is owed and the room left in the credit, as in bi.account. Key: account_id.';
comment on column mobile.customer.account_id is 'The account; the key for paging, and of the other views.';
comment on column mobile.customer.party_id is 'The customer.';
comment on column mobile.customer.party_code is 'Code of the customer.';
comment on column mobile.customer.party_name is 'Name of the customer.';
comment on column mobile.customer.phone is 'Phone of the customer.';
comment on column mobile.customer.currency is 'Currency of every amount in the row.';
comment on column mobile.customer.balance is 'Open on invoices less money not yet used.';
comment on column mobile.customer.open_amount is 'Open part of all invoices.';
comment on column mobile.customer.overdue_amount is 'Open part of lines due before today.';
comment on column mobile.customer.debt_age_days is 'Today − debt ras, two decimals.';
comment on column mobile.customer.uncleared_amount is 'Counted cheques not cleared.';
comment on column mobile.customer.bounced_amount is 'Payment cheques now bounced; inside balance.';
comment on column mobile.customer.credit_limit is 'Most that may be owed; null: no limit.';
comment on column mobile.customer.credit_room is 'credit_limit − balance − uncleared_amount; null: no limit.';
comment on column mobile.customer.changed_at is
  'When the figures of the account were last written: what is held of its open invoices is old if this moved.';
