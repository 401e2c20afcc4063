create or replace function calc.rebuild_accounts(p_account_ids bigint[])
returns void
language plpgsql
volatile
set plan_cache_mode = force_generic_plan
set enable_nestloop = off
as $$
declare
  v_account_id bigint;
  v record;
begin
  -- The locks first, in order; what is read after them is the last word.
  foreach v_account_id in array p_account_ids loop
    update calc.account a
    set change_count = a.change_count + 1, changed_at = clock_timestamp()
    where a.account_id = v_account_id;
  end loop;
  v := calc.state(p_account_ids, 'infinity');

  insert into calc.dirty (month)
  select date_trunc('month', k.doc_date::timestamp)::date
  from calc.line k
  where k.account_id = any (p_account_ids)
  union
  select date_trunc('month', n.doc_date::timestamp)::date
  from unnest(v.r_line) n;

  -- What differs goes, what is missing comes; a row that is right is left as it is. In the order of the
  -- indexes: what a hash join gives comes in any.
  delete from calc.allocation k
  where k.account_id = any (p_account_ids)
    and not exists (
      select
      from unnest(v.r_allocation) n
      where n.account_id = k.account_id
        and n.invoice_id = k.invoice_id
        and n.line_no = k.line_no
        and n.credit_id = k.credit_id
        and n.pin_id = k.pin_id
        and n is not distinct from k
    );
  insert into calc.allocation
  select n.*
  from unnest(v.r_allocation) n
  where not exists (
    select
    from calc.allocation k
    where k.account_id = any (p_account_ids)
      and k.account_id = n.account_id
      and k.invoice_id = n.invoice_id
      and k.line_no = n.line_no
      and k.credit_id = n.credit_id
      and k.pin_id = n.pin_id
  )
  order by n.account_id, n.credit_id, n.invoice_id;

  delete from calc.line k
  where k.account_id = any (p_account_ids)
    and not exists (
      select
      from unnest(v.r_line) n
      where n.account_id = k.account_id
        and n.invoice_id = k.invoice_id
        and n.line_no = k.line_no
        and n is not distinct from k
    );
  insert into calc.line
  select n.*
  from unnest(v.r_line) n
  where not exists (
    select
    from calc.line k
    where k.account_id = any (p_account_ids)
      and k.account_id = n.account_id
      and k.invoice_id = n.invoice_id
      and k.line_no = n.line_no
  )
  order by n.account_id, n.invoice_id;

  delete from calc.credit k
  where k.account_id = any (p_account_ids)
    and not exists (
      select
      from unnest(v.r_credit) n
      where n.account_id = k.account_id
        and n.credit_id = k.credit_id
        and n is not distinct from k
    );
  insert into calc.credit
  select n.*
  from unnest(v.r_credit) n
  where not exists (
    select
    from calc.credit k
    where k.account_id = any (p_account_ids)
      and k.account_id = n.account_id
      and k.credit_id = n.credit_id
  )
  order by n.account_id, n.credit_id;

  update calc.account k
  set
    policy = a.policy,
    has_told = k.has_told or s.has_told,
    last_line_turn = s.last_line_turn,
    last_credit_turn = s.last_credit_turn,
    paid_amount = s.paid_amount,
    settlement_money_days = s.settlement_money_days,
    variance_money_days = s.variance_money_days
  from (
    select s.*, t.account_id is not null as has_told
    from calc.settle_accounts(p_account_ids, v.r_line, v.r_credit) s
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
  ) s
  join ref.account a on a.account_id = s.account_id and a.account_id = any (p_account_ids)
  where k.account_id = s.account_id
    and k.account_id = any (p_account_ids)
    and (
      k.policy,
      k.has_told,
      k.last_line_turn,
      k.last_credit_turn,
      k.paid_amount,
      k.settlement_money_days,
      k.variance_money_days
    ) is distinct from (
      a.policy,
      k.has_told or s.has_told,
      s.last_line_turn,
      s.last_credit_turn,
      s.paid_amount,
      s.settlement_money_days,
      s.variance_money_days
    );
end
$$;

comment on function calc.rebuild_accounts(bigint[]) is
  'Computes some accounts again from their documents, all at once, and writes what differs.';
