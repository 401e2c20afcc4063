create or replace function calc.organisation_clearing(p_today date, p_as_of date)
returns table (
  side text,
  currency text,
  clearing_rate numeric
)
language sql
stable
parallel safe
as $$
  select
    a.side,
    a.currency,
    round(1 - coalesce(sum(q.amount) filter (where q.bounced_on > w.since), 0) / sum(q.amount), 4)
  from calc.presented_cheque(p_as_of) q
  join ref.account a on a.account_id = q.account_id
  cross join (select (p_today - interval '12 months')::date as since) w
  where q.presented_on > w.since
  group by a.side, a.currency
$$;

comment on function calc.organisation_clearing(date, date) is
  'Share of the amount of cheques presented in the 12 months up to p_today that did not bounce, by side and currency, from events up to p_as_of (infinity: all).';
