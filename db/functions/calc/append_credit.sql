-- A credit that comes after every turn of its account needs no replay: it goes down the open lines
-- from their front on, as far as it reaches, which settles all of them but perhaps the last. Small
-- statements, one a table: setting up one large statement that finds, reckons and writes costs more
-- than all of these.

create or replace function calc.append_credit(
  p_account_id bigint,
  p_credit_type text,
  p_credit_id bigint
)
returns boolean
language plpgsql
volatile
set enable_bitmapscan = off
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_account record;
  v_credit record;
  v_line record;
  v_places tid[];
  v_last tid;
  v_turn bigint;
  v_left numeric;
  v_amount numeric;
  v_month date;
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

  if p_credit_type = 'payment' then
    select
      f.doc_date, f.turn_on, f.value_date, f.is_auto, f.is_cleared, f.is_write_off, f.amount
    into v_credit
    from calc.feed_payment('infinity') f
    where f.account_id = p_account_id
      and f.credit_id = p_credit_id;
  else
    select
      f.doc_date, f.turn_on, f.value_date, f.is_auto, f.is_cleared, f.is_write_off, f.amount
    into v_credit
    from calc.feed_cheque('infinity') f
    where f.account_id = p_account_id
      and f.credit_id = p_credit_id;
  end if;
  if not found then
    return true;
  end if;
  v_turn := calc.turn(v_credit.turn_on, true, p_credit_id);
  if v_turn <= v_account.last_line_turn or v_turn <= v_account.last_credit_turn then
    return false;
  end if;

  v_left := v_credit.amount;
  if v_credit.is_auto and v_left > 0 and v_account.policy <> 'manual' then
    for v_line in
      select
        l.ctid as place,
        l.doc_date,
        l.due_date,
        l.is_measured,
        l.open_amount,
        date_trunc('month', l.doc_date::timestamp)::date as month
      from calc.line l
      where l.account_id = p_account_id
        and l.is_open
        and l.is_auto
      order by l.rank_on, l.doc_date, l.invoice_id, l.due_date, l.line_no
    loop
      v_amount := least(v_line.open_amount, v_left);
      v_places := v_places || v_line.place;
      if v_line.is_measured then
        v_paid := v_paid + v_amount;
        v_settlement := v_settlement + v_amount * (v_credit.value_date - v_line.doc_date);
        v_variance := v_variance + v_amount * (v_credit.value_date - v_line.due_date);
      end if;
      if v_line.month is distinct from v_month then
        v_month := v_line.month;
        insert into calc.dirty (month) values (v_month);
      end if;
      v_left := v_left - v_amount;
      exit when v_left = 0;
    end loop;

    if v_places is not null then
      v_last := v_line.place;
      insert into calc.allocation (
        account_id, invoice_id, credit_id, line_no, turn_on, reason, amount
      )
      select
        p_account_id, l.invoice_id, p_credit_id, l.line_no, v_credit.turn_on, 'auto',
        case when l.ctid = v_last then v_amount else l.open_amount end
      from calc.line l
      where l.ctid = any (v_places);
      update calc.line l
      set
        open_amount = case when l.ctid = v_last then l.open_amount - v_amount else 0 end,
        is_open = l.ctid = v_last and l.open_amount > v_amount,
        paid_amount = l.paid_amount
          + case when l.ctid = v_last then v_amount else l.open_amount end,
        cleared_amount = l.cleared_amount
          + case
              when not v_credit.is_cleared then 0
              when l.ctid = v_last then v_amount
              else l.open_amount
            end,
        value_money_days = l.value_money_days
          + case when l.ctid = v_last then v_amount else l.open_amount end
          * (v_credit.value_date - date '2000-01-01'),
        last_effective_date = greatest(l.last_effective_date, l.doc_date, v_credit.doc_date)
      where l.ctid = any (v_places);
    end if;
  end if;

  insert into calc.credit
  values (
    p_account_id, p_credit_id, p_credit_type, v_credit.doc_date, v_credit.turn_on,
    v_credit.value_date, v_credit.is_auto, v_credit.is_cleared, v_credit.is_write_off, null,
    v_credit.amount, v_left, v_left > 0
  );
  update calc.account a
  set
    change_count = a.change_count + 1,
    changed_at = clock_timestamp(),
    last_credit_turn = v_turn,
    paid_amount = a.paid_amount + v_paid,
    settlement_money_days = a.settlement_money_days + v_settlement,
    variance_money_days = a.variance_money_days + v_variance
  where a.ctid = v_account.place;
  return true;
end
$$;

comment on function calc.append_credit(bigint, text, bigint) is
  'Locks the account and brings a new payment or cheque that comes after every turn there is: writes it with what it settles. Nothing is to be done for one that doesn''t count. False, and nothing written: it does not come last, or something is told there.';
