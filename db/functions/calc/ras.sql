-- Exact sums; the mean is formed once, at the end. The state is {Σ amount, Σ amount × days}.

create or replace function calc.ras_add(p_state numeric[], p_amount numeric, p_day date)
returns numeric[]
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
  if p_amount is null or p_day is null then
    return p_state;
  end if;
  if not (p_amount > 0 and p_amount < 'infinity'::numeric) or not isfinite(p_day) then
    perform ref.refuse('RS201', format('a ras is of amounts over 0 on days, not of %s on %s', p_amount, p_day));
  end if;
  return array[
    p_state[1] + p_amount,
    p_state[2] + p_amount * (p_day - date '2000-01-01')
  ];
end
$$;

comment on function calc.ras_add(numeric[], numeric, date) is
  'Transition of calc.ras: adds an amount on a day. Nulls are left out; an amount not over 0 is refused (RS201).';

create or replace function calc.ras_days_add(
  p_state numeric[],
  p_amount numeric,
  p_day date,
  p_base date
)
returns numeric[]
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
  if p_amount is null or p_day is null or p_base is null then
    return p_state;
  end if;
  if not (p_amount > 0 and p_amount < 'infinity'::numeric)
    or not isfinite(p_day) or not isfinite(p_base) then
    perform ref.refuse('RS201', format('a ras is of amounts over 0 on days, not of %s on %s', p_amount, p_day));
  end if;
  return array[p_state[1] + p_amount, p_state[2] + p_amount * (p_day - p_base)];
end
$$;

comment on function calc.ras_days_add(numeric[], numeric, date, date) is
  'Transition of calc.ras_days: adds an amount on a day, counted from the base.';

create or replace function calc.ras_combine(p_state numeric[], p_other numeric[])
returns numeric[]
language sql
immutable
parallel safe
as $$
  select array[p_state[1] + p_other[1], p_state[2] + p_other[2]]
$$;

comment on function calc.ras_combine(numeric[], numeric[]) is 'Adds two states of calc.ras.';

create or replace function calc.ras_date(p_amount numeric, p_money_days numeric)
returns date
language sql
immutable
parallel safe
as $$
  -- div() and not /, which rounds: what is just before the middle must not become a tie. It cuts off
  -- towards 0, so days are counted up from the first day there is, 2451545 before 2000-01-01.
  select date '2000-01-01'
    + (div(p_money_days + 2451545.5 * p_amount, nullif(p_amount, 0)) - 2451545)::int
$$;

comment on function calc.ras_date(numeric, numeric) is
  'The day of a ras from Σ amount and Σ amount × (day − 2000-01-01): the nearest day, a tie goes to the later; null when the amount is 0.';

create or replace function calc.ras_final(p_state numeric[])
returns date
language sql
immutable
parallel safe
as $$
  select calc.ras_date(p_state[1], p_state[2])
$$;

comment on function calc.ras_final(numeric[]) is 'Result of calc.ras.';

create or replace function calc.ras_days_final(p_state numeric[])
returns numeric
language sql
immutable
parallel safe
as $$
  select p_state[2] / nullif(p_state[1], 0)
$$;

comment on function calc.ras_days_final(numeric[]) is 'Result of calc.ras_days.';

create or replace aggregate calc.ras(p_amount numeric, p_day date) (
  sfunc = calc.ras_add,
  stype = numeric[],
  initcond = '{0,0}',
  combinefunc = calc.ras_combine,
  finalfunc = calc.ras_final,
  parallel = safe
);

comment on aggregate calc.ras(numeric, date) is
  'Ras: the amount-weighted average day, Σ amount·day / Σ amount, as the nearest day (a tie goes to the later). Refuses amounts not over 0 (RS201); null of nothing.';

create or replace aggregate calc.ras_days(p_amount numeric, p_day date, p_base date) (
  sfunc = calc.ras_days_add,
  stype = numeric[],
  initcond = '{0,0}',
  combinefunc = calc.ras_combine,
  finalfunc = calc.ras_days_final,
  parallel = safe
);

comment on aggregate calc.ras_days(numeric, date, date) is
  'Ras in days from a base, not rounded: Σ amount·(day − base) / Σ amount. Refuses amounts not over 0 (RS201); null of nothing.';
