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
    );
  merge into calc.allocation k
  using unnest(v.r_allocation) n
    on k.account_id = any (p_account_ids)
    and k.account_id = n.account_id
    and k.invoice_id = n.invoice_id
    and k.line_no = n.line_no
    and k.credit_id = n.credit_id
    and k.pin_id = n.pin_id
  when matched and (
      k.turn_on,
      k.reason,
      k.amount
  ) is distinct from (
      n.turn_on,
      n.reason,
      n.amount
  ) then update set
    turn_on = n.turn_on,
    reason = n.reason,
    amount = n.amount
  when not matched then insert values (
    n.account_id, n.invoice_id, n.credit_id, n.pin_id, n.line_no, n.turn_on, n.reason, n.amount
  );

  delete from calc.line k
  where k.account_id = any (p_account_ids)
    and not exists (
      select
      from unnest(v.r_line) n
      where n.account_id = k.account_id
      and n.invoice_id = k.invoice_id
      and n.line_no = k.line_no
    );
  merge into calc.line k
  using unnest(v.r_line) n
    on k.account_id = any (p_account_ids)
    and k.account_id = n.account_id
    and k.invoice_id = n.invoice_id
    and k.line_no = n.line_no
  when matched and (
      k.doc_date,
      k.due_date,
      k.rank_on,
      k.is_auto,
      k.is_measured,
      k.amount,
      k.open_amount,
      k.credited_amount,
      k.written_off_amount,
      k.paid_amount,
      k.cleared_amount,
      k.value_money_days,
      k.last_effective_date,
      k.is_open
  ) is distinct from (
      n.doc_date,
      n.due_date,
      n.rank_on,
      n.is_auto,
      n.is_measured,
      n.amount,
      n.open_amount,
      n.credited_amount,
      n.written_off_amount,
      n.paid_amount,
      n.cleared_amount,
      n.value_money_days,
      n.last_effective_date,
      n.is_open
  ) then update set
    doc_date = n.doc_date,
    due_date = n.due_date,
    rank_on = n.rank_on,
    is_auto = n.is_auto,
    is_measured = n.is_measured,
    amount = n.amount,
    open_amount = n.open_amount,
    credited_amount = n.credited_amount,
    written_off_amount = n.written_off_amount,
    paid_amount = n.paid_amount,
    cleared_amount = n.cleared_amount,
    value_money_days = n.value_money_days,
    last_effective_date = n.last_effective_date,
    is_open = n.is_open
  when not matched then insert values (
    n.account_id, n.invoice_id, n.line_no, n.doc_date, n.due_date, n.rank_on, n.is_auto,
    n.is_measured, n.amount, n.open_amount, n.credited_amount, n.written_off_amount,
    n.paid_amount, n.cleared_amount, n.value_money_days, n.last_effective_date, n.is_open
  );

  delete from calc.credit k
  where k.account_id = any (p_account_ids)
    and not exists (
      select
      from unnest(v.r_credit) n
      where n.account_id = k.account_id
      and n.credit_id = k.credit_id
    );
  merge into calc.credit k
  using unnest(v.r_credit) n
    on k.account_id = any (p_account_ids)
    and k.account_id = n.account_id
    and k.credit_id = n.credit_id
  when matched and (
      k.credit_type,
      k.doc_date,
      k.turn_on,
      k.value_date,
      k.is_auto,
      k.is_cleared,
      k.is_write_off,
      k.named_invoice_id,
      k.amount,
      k.unapplied_amount,
      k.is_left
  ) is distinct from (
      n.credit_type,
      n.doc_date,
      n.turn_on,
      n.value_date,
      n.is_auto,
      n.is_cleared,
      n.is_write_off,
      n.named_invoice_id,
      n.amount,
      n.unapplied_amount,
      n.is_left
  ) then update set
    credit_type = n.credit_type,
    doc_date = n.doc_date,
    turn_on = n.turn_on,
    value_date = n.value_date,
    is_auto = n.is_auto,
    is_cleared = n.is_cleared,
    is_write_off = n.is_write_off,
    named_invoice_id = n.named_invoice_id,
    amount = n.amount,
    unapplied_amount = n.unapplied_amount,
    is_left = n.is_left
  when not matched then insert values (
    n.account_id, n.credit_id, n.credit_type, n.doc_date, n.turn_on, n.value_date, n.is_auto,
    n.is_cleared, n.is_write_off, n.named_invoice_id, n.amount, n.unapplied_amount, n.is_left
  );

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
    select
      s.*,
      exists (
        select
        from calc.feed_told('infinity') t
        where t.account_id = s.account_id
      )
      or exists (
        select
        from doc.credit_note n
        where n.account_id = s.account_id
          and n.invoice_id is not null
      ) as has_told
    from calc.settle_accounts(p_account_ids, v.r_line, v.r_credit) s
  ) s
  join ref.account a on a.account_id = s.account_id
  where k.account_id = s.account_id
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
