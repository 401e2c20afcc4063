-- bi.account has the three by itself: through a view they would cost one account 1 to 3 parts in 100 more.

create or replace view calc.loose_credit as
select
  c.account_id,
  a.side,
  a.currency,
  p.salesperson_id,
  p.region_id,
  p.agency_id,
  c.unapplied_amount,
  c.uncleared_amount,
  c.uncleared_money_days,
  c.bounced_amount
from (
  select
    c.account_id,
    c.unapplied_amount,
    null::numeric as uncleared_amount,
    null::numeric as uncleared_money_days,
    null::numeric as bounced_amount
  from calc.credit c
  where c.is_left
  union all
  select
    c.account_id,
    null,
    c.amount,
    c.amount * (c.value_date - date '2000-01-01'),
    null
  from calc.credit c
  where not c.is_cleared
  union all
  select
    q.account_id,
    null,
    null,
    null,
    calc.bounced_amount(q.account_id, q.cheque_id, q.amount)
  from doc.cheque q
  where q.kind = 'payment'
    and q.status = 'bounced'
) c
join ref.account a on a.account_id = c.account_id
join ref.party p on p.party_id = a.party_id;

comment on view calc.loose_credit is
  'What is left over of credits, cheques not cleared and cheques bounced, with whom their party belongs to at present; a credit can stand here twice, each time with another amount. Products count days from 2000-01-01.';
