-- What stage 2 allots at a turn follows from the documents to that turn alone (docs/figures.md). So what
-- is kept, cut off at the end of a day, is what the documents to that day give, unless one of them was
-- another then: a cheque that bounced or was paid in part since, a return or an instruction naming an
-- invoice of later. Such accounts are computed from nothing. What only a cheque's clearing changes, its
-- value date, moves no allocation.

create or replace function calc.state_as_of(
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
as $$
declare
  v_asked calc.credit[];
  v_other bigint[];
  v_computed record;
begin
  -- The credits that can have been others.
  v_asked := array(
    select f
    from calc.feed_cheque(p_as_of) f
    where f.account_id = any (p_account_ids)
    union all
    select f
    from calc.feed_credit_note(p_as_of) f
    where f.account_id = any (p_account_ids)
  );
  v_other := array(
    select coalesce(c.account_id, q.account_id)
    from (
      select c.account_id, c.credit_id, c.turn_on, c.amount
      from calc.credit c
      where c.account_id = any (p_account_ids)
        and c.doc_date <= p_as_of
        and c.credit_type in ('cheque', 'credit_note')
    ) c
    full join unnest(v_asked) q on q.account_id = c.account_id and q.credit_id = c.credit_id
    where (q.turn_on, q.amount) is distinct from (c.turn_on, c.amount)
    union
    -- Looked up one by one (offset 0 keeps it so): the planner can't tell how many there are.
    select k.account_id
    from calc.account k
    where k.account_id = any (p_account_ids)
      and k.has_told
      and exists (
        select
        from calc.allocation a
        cross join lateral (
          select l.doc_date
          from calc.line l
          where l.account_id = a.account_id
            and l.invoice_id = a.invoice_id
            and l.line_no = a.line_no
          offset 0
        ) l
        cross join lateral (
          select c.doc_date
          from calc.credit c
          where c.account_id = a.account_id
            and c.credit_id = a.credit_id
          offset 0
        ) c
        where a.account_id = k.account_id
          and a.turn_on is null
          and (l.doc_date <= p_as_of) <> (c.doc_date <= p_as_of)
      )
  );
  if v_other <> '{}' then
    v_computed := calc.state(v_other, p_as_of);
    p_account_ids := array(
      select u.account_id
      from unnest(p_account_ids) u(account_id)
      where u.account_id <> all (v_other)
    );
  end if;

  r_line := array(
    select l
    from calc.line l
    where l.account_id = any (p_account_ids)
      and l.doc_date <= p_as_of
  );
  r_credit := array(
    select c
    from calc.credit c
    where c.account_id = any (p_account_ids)
      and c.doc_date <= p_as_of
      and c.credit_type not in ('cheque', 'credit_note')
    union all
    select q
    from unnest(v_asked) q
    where q.account_id = any (p_account_ids)
  );
  r_allocation := array(
    select a
    from calc.allocation a
    where a.account_id = any (p_account_ids)
      and (
        a.turn_on <= p_as_of
        or a.turn_on is null and exists (
          select
          from calc.credit c
          where c.account_id = a.account_id
            and c.credit_id = a.credit_id
            and c.doc_date <= p_as_of
        )
      )
  );
  select s.r_line, s.r_credit
  into r_line, r_credit
  from calc.settle(r_line, r_credit, r_allocation) s;

  if v_other <> '{}' then
    r_line := r_line || v_computed.r_line;
    r_credit := r_credit || v_computed.r_credit;
    r_allocation := r_allocation || v_computed.r_allocation;
  end if;
end
$$;

comment on function calc.state_as_of(bigint[], date) is
  'Lines, credits and allocations of some accounts as of the end of a day, from what is kept where that says it and else from their documents (calc.state): the same either way.';
