create or replace function calc.line_as_of(p_account_id bigint, p_as_of date)
returns setof calc.line
language sql
stable
as $$
  select l.*
  from unnest((calc.state_as_of(array[p_account_id], p_as_of)).r_line) l
$$;

comment on function calc.line_as_of(bigint, date) is
  'calc.line of one account as of the end of a day: what its documents dated to then give.';
