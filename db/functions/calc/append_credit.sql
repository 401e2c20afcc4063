-- One credit that comes after every turn there is needs no replay: it goes down the open lines from
-- their front on, and is written with what it settles in one statement. Rows are written where they
-- lie, under the lock of their account.

create or replace function calc.append_credit(
  p_account calc.account,
  p_credit calc.credit
)
returns boolean
language plpgsql
volatile
as $$
declare
  v_turn bigint := calc.turn(p_credit.turn_on, true, p_credit.credit_id);
  v_need numeric := case
    when p_credit.is_auto and p_account.policy <> 'manual' then p_credit.amount
    else 0
  end;
  v_paid numeric := (p_credit.value_date is not null)::int;
  v_days int := coalesce(p_credit.value_date - date '2000-01-01', 0);
  v_front constant int := 4;
  v_count int;
  v_taken numeric;
begin
  if p_credit.named_invoice_id is not null
    or v_turn <= p_account.last_line_turn
    or v_turn <= p_account.last_credit_turn
  then
    return false;
  end if;

  with taken as materialized (
    select
      l.place,
      l.invoice_id,
      l.line_no,
      l.doc_date,
      l.due_date,
      l.is_measured,
      l.month,
      l.month is distinct from l.month_before as is_month,
      least(l.open_amount, v_need - l.upto + l.open_amount) as amount
    from (
      select
        l.*,
        sum(l.open_amount) over in_order as upto,
        lag(l.month) over in_order as month_before
      from (
        select
          l.ctid as place,
          l.rank_on,
          l.doc_date,
          l.invoice_id,
          l.due_date,
          l.line_no,
          l.is_measured,
          l.open_amount,
          date_trunc('month', l.doc_date::timestamp)::date as month
        from calc.line l
        where l.account_id = p_credit.account_id
          and l.is_open
          and l.is_auto
        order by l.rank_on, l.doc_date, l.invoice_id, l.due_date, l.line_no
        limit v_front
      ) l
      window in_order as (
        order by l.rank_on, l.doc_date, l.invoice_id, l.due_date, l.line_no
        rows unbounded preceding
      )
    ) l
    where l.upto - l.open_amount < v_need
  ),
  total as materialized (
    select
      count(*) as count,
      coalesce(sum(t.amount), 0) as amount,
      coalesce(sum(t.amount) filter (where t.is_measured), 0) as paid,
      coalesce(sum(t.amount * (v_days - (t.doc_date - date '2000-01-01')))
        filter (where t.is_measured), 0) as settlement,
      coalesce(sum(t.amount * (v_days - (t.due_date - date '2000-01-01')))
        filter (where t.is_measured), 0) as variance
    from taken t
  ),
  credit_made as (
    insert into calc.credit
    select
      p_credit.account_id,
      p_credit.credit_id,
      p_credit.credit_type,
      p_credit.doc_date,
      p_credit.turn_on,
      p_credit.value_date,
      p_credit.is_auto,
      p_credit.is_cleared,
      p_credit.is_write_off,
      p_credit.named_invoice_id,
      p_credit.amount,
      p_credit.amount - s.amount,
      p_credit.amount > s.amount
    from total s
  ),
  allocation_made as (
    insert into calc.allocation (
      account_id, invoice_id, credit_id, line_no, turn_on, reason, amount
    )
    select
      p_credit.account_id, t.invoice_id, p_credit.credit_id, t.line_no, p_credit.turn_on, 'auto',
      t.amount
    from taken t
  ),
  line_done as (
    update calc.line l
    set
      open_amount = l.open_amount - t.amount,
      is_open = l.open_amount > t.amount,
      credited_amount = l.credited_amount + t.amount * (1 - v_paid),
      written_off_amount = l.written_off_amount + t.amount * p_credit.is_write_off::int,
      paid_amount = l.paid_amount + t.amount * v_paid,
      cleared_amount = l.cleared_amount + t.amount * coalesce(p_credit.is_cleared, false)::int,
      value_money_days = l.value_money_days + t.amount * v_days,
      last_effective_date = greatest(l.last_effective_date, l.doc_date, p_credit.doc_date)
    from taken t
    where l.ctid = t.place
  ),
  marked as (
    insert into calc.dirty (month)
    select t.month
    from taken t
    where t.is_month
  )
  update calc.account a
  set
    last_credit_turn = v_turn,
    paid_amount = a.paid_amount + s.paid * v_paid,
    settlement_money_days = a.settlement_money_days + s.settlement * v_paid,
    variance_money_days = a.variance_money_days + s.variance * v_paid
  from total s
  where a.account_id = p_credit.account_id
  returning s.count, s.amount into v_count, v_taken;

  -- Few lines as a rule, so a few are looked at first.
  if v_count = v_front and v_taken < v_need then
    perform calc.append_credits(
      p_credit.account_id,
      false,
      true,
      array[p_credit],
      array[p_credit.credit_id],
      array[p_credit.turn_on],
      array[true],
      array[p_credit.is_auto],
      array[v_need - v_taken],
      v_need - v_taken,
      v_turn
    );
  end if;
  return true;
end
$$;

comment on function calc.append_credit(calc.account, calc.credit) is
  'Stage 2 for one new credit that comes after every turn of its account, its row in calc.credit included. p_account: as its lock found it; nothing may be told there. False, and nothing done: it does not come last.';
