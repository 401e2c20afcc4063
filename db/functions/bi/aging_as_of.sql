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
    s.not_due,
    s.d1_30,
    s.d31_60,
    s.d61_90,
    s.d91_120,
    s.over_120,
    s.open_amount,
    s.unapplied_amount,
    s.open_amount - s.unapplied_amount as balance
  from ref.account a
  join ref.party p on p.party_id = a.party_id
  left join ref.salesperson sp on sp.salesperson_id = p.salesperson_id
  left join ref.region rg on rg.region_id = p.region_id
  left join ref.agency ag on ag.agency_id = p.agency_id
  cross join lateral calc.account_sum_as_of(array[a.account_id], p_as_of) s
  where p_as_of is not null
$$;

comment on function bi.aging_as_of(ref.day) is
  'bi.aging as of the end of a day (docs/figures.md). Plain and inlinable: where account_id = … costs one account.';
