create or replace function bi.plan_settlement(
  p_account_id bigint,
  p_invoice_ids bigint[],
  p_cheques jsonb
)
returns table (
  open_amount numeric,
  cheque_amount numeric,
  left_amount numeric,
  committed_ras date,
  settlement_ras date,
  variance_days numeric,
  timing text,
  balancing text,
  balancing_due_date date
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_today date := calc.today();
  v_cheque record;
  v_count int;
  v_amount numeric;
  v_due date;
  v_open numeric;
  v_due_money_days numeric;
  v_sum numeric := 0;
  -- Σ amount × days since today: of the cheques whose day is known.
  v_money_days numeric := 0;
  v_last_amount numeric;
  v_last_days numeric;
  v_balancing text := 'not_asked';
  v_balancing_due_date date;
begin
  select r.open_amount
  into v_open
  from bi.ras_of_invoices(p_account_id, p_invoice_ids) r;
  if v_open = 0 then
    perform ref.refuse('RS502', 'nothing is open of the invoices chosen');
  end if;
  select sum(l.open_amount * (l.due_date - v_today))
  into v_due_money_days
  from calc.line l
  where l.account_id = p_account_id
    and l.invoice_id = any (p_invoice_ids);

  if jsonb_typeof(p_cheques) is distinct from 'array' or p_cheques = '[]' then
    perform ref.refuse('RS503', 'the cheques proposed are not a list of one or more');
  end if;
  v_count := jsonb_array_length(p_cheques);
  for v_cheque in
    select c.place, c.cheque
    from jsonb_array_elements(p_cheques) with ordinality c(cheque, place)
    order by c.place
  loop
    if jsonb_typeof(v_cheque.cheque) <> 'object' then
      perform ref.refuse('RS503', format('cheque %s is not an object', v_cheque.place));
    end if;
    begin
      v_amount := (v_cheque.cheque ->> 'amount')::ref.amount;
      v_due := (v_cheque.cheque ->> 'due_date')::ref.day;
    exception
      when data_exception then
        perform ref.refuse(
          'RS503', format('cheque %s can''t be read: %s', v_cheque.place, sqlerrm)
        );
    end;
    if v_amount is null then
      perform ref.refuse('RS503', format('cheque %s has no amount', v_cheque.place));
    end if;
    v_sum := v_sum + v_amount;
    if v_due is not null then
      -- Handed over today, it counts from today at the earliest.
      v_money_days := v_money_days + v_amount * greatest(0, v_due - v_today);
    elsif v_cheque.place = v_count then
      v_last_amount := v_amount;
    else
      perform ref.refuse(
        'RS503', format('cheque %s has no due date and is not the last', v_cheque.place)
      );
    end if;
  end loop;

  if v_last_amount is not null then
    -- One division, so that a tie is a tie.
    v_last_days := floor(
      (v_due_money_days * v_sum - v_money_days * v_open) / (v_open * v_last_amount) + 0.5
    );
    if v_last_days between 0 and date '2122-03-20' - v_today then
      v_balancing := 'found';
      v_balancing_due_date := v_today + v_last_days::int;
    else
      v_balancing := 'none';
      v_last_days := greatest(0, least(v_last_days, date '2122-03-20' - v_today));
    end if;
    v_money_days := v_money_days + v_last_amount * v_last_days;
  end if;

  return query
  select
    v_open,
    v_sum,
    v_open - v_sum,
    calc.ras_date(v_open, v_due_money_days + v_open * (v_today - date '2000-01-01')),
    calc.ras_date(v_sum, v_money_days + v_sum * (v_today - date '2000-01-01')),
    round(v.money_days / (v_sum * v_open), 2),
    case
      when v.money_days > a.tolerance_days * v_sum * v_open then 'late'
      when v.money_days < -a.tolerance_days * v_sum * v_open then 'early'
      else 'on_time'
    end,
    v_balancing,
    v_balancing_due_date
  from ref.account a
  cross join (select v_money_days * v_open - v_due_money_days * v_sum as money_days) v
  where a.account_id = p_account_id;
end
$$;

comment on function bi.plan_settlement(bigint, bigint[], jsonb) is
  'What proposed cheques, handed over today, would make of the open part of the chosen invoices; one row. p_cheques: [{"amount": 1000, "due_date": "2025-05-01"}, {"amount": 500}], of which the last may lack its due_date. committed_ras: ras of the open amounts on their due dates; settlement_ras: of the cheques on theirs (not before today); variance_days = settlement − committed, minus early, plus late; timing by the account''s tolerance. balancing: not_asked (the last cheque has its date); found: with balancing_due_date for the last cheque the difference is nearest to 0, within rounding to a day; none: no day from today on can make it so, and the figures are those of the nearest one. left_amount = open_amount − cheque_amount: the two ras are compared as they are, so unless it is 0 the variance that comes out also depends on which lines stay open. RS501: not an active invoice of the account; RS502: nothing is open; RS503: the cheques can''t be read; amounts and days are held to those of documents (23514).';
