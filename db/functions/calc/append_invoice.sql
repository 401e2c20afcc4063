-- An invoice that comes after every turn of its account needs no replay: its lines go down what is
-- left of the credits, from their front on, as far as they reach, which uses up all of them but
-- perhaps the last. Small statements, as in calc.append_credit().

create or replace function calc.append_invoice(p_account_id bigint, p_invoice_id bigint)
returns boolean
language plpgsql
volatile
set enable_bitmapscan = off
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_account record;
  v_invoice record;
  v_lines calc.line[];
  v_line calc.line;
  v_credit record;
  v_places tid[];
  v_last tid;
  v_turn bigint;
  v_amount numeric;
  v_paid numeric := 0;
  v_settlement numeric := 0;
  v_variance numeric := 0;
begin
  select a.ctid as place, a.policy, a.has_told, a.last_line_turn, a.last_credit_turn
  into v_account
  from calc.account a
  where a.account_id = p_account_id
  for no key update;
  if not found or v_account.has_told then
    return false;
  end if;

  select f.line, f.is_split
  into v_invoice
  from calc.feed_invoice('infinity') f
  where (f.line).account_id = p_account_id
    and (f.line).invoice_id = p_invoice_id;
  if not found then
    return true;
  end if;
  -- A later line under fifo_issue is last in the order too, so the credits of its own day would
  -- have passed it by: it may come after them.
  v_line := v_invoice.line;
  v_turn := calc.turn(v_line.doc_date, false, p_invoice_id);
  if v_turn <= v_account.last_line_turn
    or v_account.last_credit_turn >= (
      case
        when v_account.policy = 'fifo_due' then v_turn
        else calc.turn(v_line.doc_date + 1, false, 0)
      end
    )
  then
    return false;
  end if;
  v_lines := array[v_line];
  if v_invoice.is_split then
    v_lines := array(
      select f
      from calc.feed_line('infinity') f
      where f.account_id = p_account_id
        and f.invoice_id = p_invoice_id
      order by f.due_date, f.line_no
    );
  end if;

  foreach v_line in array v_lines loop
    if v_line.is_auto and v_account.policy <> 'manual' then
      v_places := null;
      for v_credit in
        select
          c.ctid as place,
          c.doc_date,
          c.value_date,
          c.is_cleared,
          c.is_write_off,
          c.unapplied_amount
        from calc.credit c
        where c.account_id = p_account_id
          and c.is_left
          and c.is_auto
        order by c.doc_date, c.credit_id
      loop
        v_amount := least(v_line.open_amount, v_credit.unapplied_amount);
        v_places := v_places || v_credit.place;
        v_line.open_amount := v_line.open_amount - v_amount;
        v_line.last_effective_date :=
          greatest(v_line.last_effective_date, v_line.doc_date, v_credit.doc_date);
        if v_credit.is_write_off then
          v_line.written_off_amount := v_line.written_off_amount + v_amount;
        end if;
        if v_credit.is_cleared then
          v_line.cleared_amount := v_line.cleared_amount + v_amount;
        end if;
        if v_credit.value_date is null then
          v_line.credited_amount := v_line.credited_amount + v_amount;
        else
          v_line.paid_amount := v_line.paid_amount + v_amount;
          v_line.value_money_days := v_line.value_money_days
            + v_amount * (v_credit.value_date - date '2000-01-01');
          if v_line.is_measured then
            v_paid := v_paid + v_amount;
            v_settlement := v_settlement + v_amount * (v_credit.value_date - v_line.doc_date);
            v_variance := v_variance + v_amount * (v_credit.value_date - v_line.due_date);
          end if;
        end if;
        exit when v_line.open_amount = 0;
      end loop;

      if v_places is not null then
        v_last := v_credit.place;
        insert into calc.allocation (
          account_id, invoice_id, credit_id, line_no, turn_on, reason, amount
        )
        select
          p_account_id, p_invoice_id, c.credit_id, v_line.line_no, v_line.doc_date, 'auto',
          case when c.ctid = v_last then v_amount else c.unapplied_amount end
        from calc.credit c
        where c.ctid = any (v_places);
        update calc.credit c
        set
          unapplied_amount = case when c.ctid = v_last then c.unapplied_amount - v_amount else 0 end,
          is_left = c.ctid = v_last and c.unapplied_amount > v_amount
        where c.ctid = any (v_places);
      end if;
      v_line.is_open := v_line.open_amount > 0;
    end if;
    insert into calc.line values (v_line.*);
  end loop;

  insert into calc.dirty (month)
  values (date_trunc('month', v_line.doc_date::timestamp)::date);
  update calc.account a
  set
    change_count = a.change_count + 1,
    changed_at = clock_timestamp(),
    last_line_turn = v_turn,
    paid_amount = a.paid_amount + v_paid,
    settlement_money_days = a.settlement_money_days + v_settlement,
    variance_money_days = a.variance_money_days + v_variance
  where a.ctid = v_account.place;
  return true;
end
$$;

comment on function calc.append_invoice(bigint, bigint) is
  'Locks the account and brings a new invoice that comes after every turn there is: writes its lines with what settles them. Nothing is to be done for one that doesn''t count. False, and nothing written: it does not come last, or something is told there.';
