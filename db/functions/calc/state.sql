-- The computation from nothing: rebuild, verify, and as-of where what is kept can't say it. Several
-- accounts in one pass, so that a whole book costs little more than its documents. Along the accounts
-- only: an index on days tempts the planner to read what the whole book has to a day, instead of the
-- account or beside it (a bitmap of both); so the feeds compare days as timestamps, which no index has.
-- Rebuild and verify turn nested loops off for their arrays; the feeds need them.

create or replace function calc.state(
  p_account_ids bigint[],
  p_as_of date,
  out r_line calc.line[],
  out r_credit calc.credit[],
  out r_allocation calc.allocation[]
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
set jit = off
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
set enable_nestloop = on
as $$
begin
  r_line := array(
    select f
    from calc.feed_line(p_as_of) f
    where f.account_id = any (p_account_ids)
  );
  r_credit := array(
    select f
    from calc.feed_credit(p_as_of) f
    where f.account_id = any (p_account_ids)
  );
  r_allocation := calc.allocate(
    r_line,
    r_credit,
    array(
      select f
      from calc.feed_told(p_as_of) f
      where f.account_id = any (p_account_ids)
      order by f.account_id, f.phase, f.told_on, f.told_id
    ),
    array(
      select a.account_id
      from ref.account a
      where a.account_id = any (p_account_ids)
        and a.policy = 'manual'
    )
  );
  select s.r_line, s.r_credit
  into r_line, r_credit
  from calc.settle(r_line, r_credit, r_allocation) s;
end
$$;

comment on function calc.state(bigint[], date) is
  'Lines, credits and allocations of some accounts, computed from their documents dated to the end of a day (infinity: all) and from nothing else.';
