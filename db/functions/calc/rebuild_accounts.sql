create or replace function calc.rebuild_accounts(p_account_ids bigint[])
returns void
language plpgsql
volatile
set plan_cache_mode = force_generic_plan
set enable_nestloop = off
as $$
declare
  v record;
  v_place tid[];
  v_line calc.line[];
  v_credit calc.credit[];
  v_allocation calc.allocation[];
begin
  -- The locks first, in order; what is read after them is the last word.
  perform
  from calc.account a
  where a.account_id = any (p_account_ids)
  order by a.account_id
  for no key update;
  v := calc.state(p_account_ids, 'infinity');

  -- Marked under the locks too: the mark of an invoice that came while they were waited for can be
  -- gone before this is committed.
  insert into calc.dirty (month)
  select distinct date_trunc('month', d.doc_date::timestamp)::date
  from (
    select k.doc_date
    from calc.line k
    where k.account_id = any (p_account_ids)
    union
    select n.doc_date
    from unnest(v.r_line) n
  ) d;

  -- What differs goes, what is missing comes (null: all of it); a row that is right is left as it is.
  if exists (select from calc.line k where k.account_id = any (p_account_ids))
    or exists (select from calc.credit k where k.account_id = any (p_account_ids))
    or exists (select from calc.allocation k where k.account_id = any (p_account_ids))
  then
    select
      coalesce(array_agg(k.place) filter (where k.place is not null), '{}'),
      coalesce(array_agg(n) filter (where n.account_id is not null), '{}')
    into v_place, v_line
    from (
      select k.ctid as place, k as kept, k.account_id, k.invoice_id, k.line_no
      from calc.line k
      where k.account_id = any (p_account_ids)
    ) k
    full join unnest(v.r_line) n using (account_id, invoice_id, line_no)
    where n is distinct from k.kept;
    delete from calc.line k
    where k.ctid = any (v_place);

    select
      coalesce(array_agg(k.place) filter (where k.place is not null), '{}'),
      coalesce(array_agg(n) filter (where n.account_id is not null), '{}')
    into v_place, v_credit
    from (
      select k.ctid as place, k as kept, k.account_id, k.credit_id
      from calc.credit k
      where k.account_id = any (p_account_ids)
    ) k
    full join unnest(v.r_credit) n using (account_id, credit_id)
    where n is distinct from k.kept;
    delete from calc.credit k
    where k.ctid = any (v_place);

    select
      coalesce(array_agg(k.place) filter (where k.place is not null), '{}'),
      coalesce(array_agg(n) filter (where n.account_id is not null), '{}')
    into v_place, v_allocation
    from (
      select k.ctid as place, k as kept, k.account_id, k.invoice_id, k.line_no, k.credit_id, k.pin_id
      from calc.allocation k
      where k.account_id = any (p_account_ids)
    ) k
    full join unnest(v.r_allocation) n using (account_id, invoice_id, line_no, credit_id, pin_id)
    where n is distinct from k.kept;
    delete from calc.allocation k
    where k.ctid = any (v_place);
  end if;
  insert into calc.line
  select n.*
  from unnest(coalesce(v_line, v.r_line)) n;
  insert into calc.credit
  select n.*
  from unnest(coalesce(v_credit, v.r_credit)) n;
  insert into calc.allocation
  select n.*
  from unnest(coalesce(v_allocation, v.r_allocation)) n;

  update calc.account k
  set
    change_count = k.change_count + 1,
    changed_at = clock_timestamp(),
    policy = a.policy,
    has_told = k.has_told or t.account_id is not null,
    last_line_turn = s.last_line_turn,
    last_credit_turn = s.last_credit_turn,
    paid_amount = s.paid_amount,
    settlement_money_days = s.settlement_money_days,
    variance_money_days = s.variance_money_days
  from calc.settle_accounts(p_account_ids, v.r_line, v.r_credit) s
  join ref.account a on a.account_id = s.account_id and a.account_id = any (p_account_ids)
  left join (
    select t.account_id
    from calc.feed_told('infinity') t
    where t.account_id = any (p_account_ids)
    union
    select n.account_id
    from doc.credit_note n
    where n.account_id = any (p_account_ids)
      and n.invoice_id is not null
  ) t on t.account_id = s.account_id
  where k.account_id = s.account_id
    and k.account_id = any (p_account_ids);
end
$$;

comment on function calc.rebuild_accounts(bigint[]) is
  'Computes some accounts again from their documents, all at once, and writes what differs.';
