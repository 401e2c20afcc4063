create or replace function bi.cash_forecast_test(p_from date, p_until date)
returns table (
  as_of date,
  side text,
  currency text,
  week_no int,
  came_amount numeric,
  certain_amount numeric,
  amount numeric,
  naive_amount numeric
)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
  with forecast as materialized (
    select d.as_of::date as as_of, f.*
    from generate_series(p_from, p_until, interval '1 month') d(as_of)
    cross join lateral bi.cash_forecast_as_of(d.as_of::date) f
  ),
  asked as (
    select distinct f.as_of, f.side, f.currency
    from forecast f
  ),
  came as (
    -- Money dated later, on lines that stood then.
    select
      t.as_of,
      t.side,
      t.currency,
      case k.credit_type when 'cheque' then q.cleared_on::date else k.value_date end as came_on,
      k.amount
    from asked t
    join bi.allocation k
      on k.side = t.side
      and k.currency = t.currency
      and k.invoice_date <= t.as_of
      and k.credit_date > t.as_of
      and k.credit_type in ('payment', 'cheque')
    left join doc.cheque q
      on q.account_id = k.account_id
      and q.cheque_id = k.credit_id
      and k.credit_type = 'cheque'
    union all
    -- Cheques that were in hand then.
    select f.as_of, f.side, f.currency, q.cleared_on::date, f.amount
    from forecast f
    join doc.cheque q on q.account_id = f.account_id and q.cheque_id = f.document_id
    where f.source_type = 'cheque'
  )
  select
    m.as_of,
    m.side,
    m.currency,
    m.week_no,
    sum(m.came_amount),
    sum(m.certain_amount),
    sum(m.amount),
    sum(m.naive_amount)
  from (
    select t.as_of, t.side, t.currency, w.week_no, 0, 0, 0, 0
    from asked t
    cross join generate_series(1, 13) w(week_no)
    union all
    select c.as_of, c.side, c.currency, (c.came_on - c.as_of + 6) / 7, c.amount, 0, 0, 0
    from came c
    where c.came_on > c.as_of
    union all
    select
      f.as_of,
      f.side,
      f.currency,
      greatest(1, (f.expected_on - f.as_of + 6) / 7),
      0,
      f.certain_amount,
      f.amount,
      0
    from forecast f
    union all
    select
      f.as_of,
      f.side,
      f.currency,
      greatest(1, (f.due_date - f.as_of + 6) / 7),
      0,
      0,
      0,
      f.amount
    from forecast f
  ) m(as_of, side, currency, week_no, came_amount, certain_amount, amount, naive_amount)
  where m.week_no <= 13
  group by m.as_of, m.side, m.currency, m.week_no
$$;

comment on function bi.cash_forecast_test(date, date) is
  'Back-test of the cash forecast: made as of a day every month from p_from to p_until, for the 13 weeks after it, against what came of the lines and cheques that stood then (payments, and cheques that cleared), and beside the naive forecast that everything comes on its due date, or at once when that is past. Seconds a month of a small book.';
