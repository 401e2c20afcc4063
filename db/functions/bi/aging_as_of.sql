create or replace function bi.aging_as_of(p_as_of ref.day)
returns table (
  account_id bigint,
  party_id bigint,
  party_code text,
  party_name text,
  side text,
  currency text,
  salesperson_id bigint,
  salesperson_name text,
  region_id bigint,
  region_name text,
  agency_id bigint,
  agency_name text,
  not_due numeric,
  d1_30 numeric,
  d31_60 numeric,
  d61_90 numeric,
  d91_120 numeric,
  over_120 numeric,
  open_amount numeric,
  unapplied_amount numeric,
  balance numeric
)
language sql
stable
as $$
  select
    a.account_id,
    a.party_id,
    p.code as party_code,
    p.name as party_name,
    a.side,
    a.currency,
    p.salesperson_id,
    sp.name as salesperson_name,
    p.region_id,
    rg.name as region_name,
    p.agency_id,
    ag.name as agency_name,
    coalesce(o.not_due, 0) as not_due,
    coalesce(o.d1_30, 0) as d1_30,
    coalesce(o.d31_60, 0) as d31_60,
    coalesce(o.d61_90, 0) as d61_90,
    coalesce(o.d91_120, 0) as d91_120,
    coalesce(o.over_120, 0) as over_120,
    coalesce(o.open_amount, 0) as open_amount,
    coalesce(c.unapplied_amount, 0) as unapplied_amount,
    coalesce(o.open_amount, 0) - coalesce(c.unapplied_amount, 0) as balance
  from ref.account a
  join ref.party p on p.party_id = a.party_id
  left join ref.salesperson sp on sp.salesperson_id = p.salesperson_id
  left join ref.region rg on rg.region_id = p.region_id
  left join ref.agency ag on ag.agency_id = p.agency_id
  cross join lateral calc.state(array[a.account_id], p_as_of) z
  cross join lateral (
    select
      sum(l.open_amount) as open_amount,
      sum(l.open_amount) filter (where l.due_date >= p_as_of) as not_due,
      sum(l.open_amount) filter (where p_as_of - l.due_date between 1 and 30) as d1_30,
      sum(l.open_amount) filter (where p_as_of - l.due_date between 31 and 60) as d31_60,
      sum(l.open_amount) filter (where p_as_of - l.due_date between 61 and 90) as d61_90,
      sum(l.open_amount) filter (where p_as_of - l.due_date between 91 and 120) as d91_120,
      sum(l.open_amount) filter (where p_as_of - l.due_date > 120) as over_120
    from unnest(z.r_line) l
    where l.open_amount > 0
  ) o
  cross join lateral (
    select sum(c.unapplied_amount) as unapplied_amount
    from unnest(z.r_credit) c
  ) c
$$;

comment on function bi.aging_as_of(ref.day) is
  'bi.aging as of the end of a day (DESIGN section 6). Plain and inlinable: where account_id = … costs one account.';
