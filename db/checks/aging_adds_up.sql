-- The buckets of aging add up to what is open, and less what is unapplied to the balance
select
  g.account_id,
  g.not_due + g.d1_30 + g.d31_60 + g.d61_90 + g.d91_120 + g.over_120 as of_buckets,
  g.open_amount,
  a.open_amount as of_account,
  g.unapplied_amount,
  g.balance,
  a.balance as balance_of_account
from bi.aging as g
full join bi.account as a on a.account_id = g.account_id
where g.open_amount is distinct from
    g.not_due + g.d1_30 + g.d31_60 + g.d61_90 + g.d91_120 + g.over_120
  or g.balance is distinct from g.open_amount - g.unapplied_amount
  or (g.open_amount, g.balance) is distinct from (a.open_amount, a.balance);
