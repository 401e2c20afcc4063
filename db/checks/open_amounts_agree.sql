-- Invoices, accounts and credits add up to the same money on each side and in each currency
with invoice as (
  select i.side, i.currency, sum(i.open_amount) as open_amount
  from bi.invoice as i
  group by i.side, i.currency
),
credit as (
  select c.side, c.currency, sum(c.unapplied_amount) as unapplied_amount
  from bi.credit as c
  group by c.side, c.currency
),
account as (
  select
    a.side,
    a.currency,
    sum(a.open_amount) as open_amount,
    sum(a.unapplied_amount) as unapplied_amount
  from bi.account as a
  group by a.side, a.currency
)
select
  a.side,
  a.currency,
  i.open_amount as of_invoices,
  a.open_amount as of_accounts,
  c.unapplied_amount as of_credits,
  a.unapplied_amount as unapplied_of_accounts
from account as a
full join invoice as i on i.side = a.side and i.currency = a.currency
full join credit as c on c.side = a.side and c.currency = a.currency
where coalesce(i.open_amount, 0) <> coalesce(a.open_amount, 0)
  or coalesce(c.unapplied_amount, 0) <> coalesce(a.unapplied_amount, 0);
