create or replace view calc.settled_invoice_live as
select
  s.account_id,
  s.invoice_id,
  s.month,
  d.jalali_year * 100 + d.jalali_month as jalali_month,
  date_trunc('month', s.settled_on::timestamp)::date as settlement_month,
  e.jalali_year * 100 + e.jalali_month as jalali_settlement_month,
  a.side,
  a.currency,
  s.salesperson_id,
  s.region_id,
  s.agency_id,
  s.amount,
  s.paid_amount,
  s.value_money_days - s.paid_amount * (s.doc_date - date '2000-01-01') as settlement_money_days,
  s.variance_money_days,
  round(s.value_money_days / s.paid_amount - (s.doc_date - date '2000-01-01'), 2)
    as settlement_days,
  round(s.variance_money_days / s.paid_amount, 2) as variance_days
from (
  select
    i.account_id,
    i.invoice_id,
    i.month,
    i.doc_date,
    i.salesperson_id,
    i.region_id,
    i.agency_id,
    i.amount,
    l.settled_on,
    l.paid_amount,
    l.value_money_days,
    l.variance_money_days
  from calc.marked_invoice i
  cross join lateral (
    select
      max(l.last_effective_date) as settled_on,
      sum(l.paid_amount) as paid_amount,
      sum(l.value_money_days) as value_money_days,
      sum(l.value_money_days - l.paid_amount * (l.due_date - date '2000-01-01'))
        as variance_money_days
    from calc.line l
    where l.account_id = i.account_id
      and l.invoice_id = i.invoice_id
    having bool_and(l.is_measured and not l.is_open)
      and sum(l.paid_amount) > 0
  ) l
) s
join ref.account a on a.account_id = s.account_id
join ref.calendar d on d.day = s.doc_date
join ref.calendar e on e.day = s.settled_on;

comment on view calc.settled_invoice_live is
  'calc.settled_invoice of the marked months, computed now. Key: account_id, invoice_id.';
