create or replace function calc.credit_as_of(p_account_id bigint, p_as_of date)
returns setof calc.credit
language sql
stable
as $$
  select c.*
  from unnest((calc.state_as_of(array[p_account_id], p_as_of)).r_credit) c
$$;

comment on function calc.credit_as_of(bigint, date) is
  'calc.credit of one account as of the end of a day: what its documents dated to then give.';
