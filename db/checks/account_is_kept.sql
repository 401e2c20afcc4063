-- Every account has its row in the engine, and every row its account
select coalesce(a.account_id, k.account_id) as account_id, k.account_id is not null as is_kept
from ref.account as a
full join calc.account as k on k.account_id = a.account_id
where a.account_id is null
  or k.account_id is null;
