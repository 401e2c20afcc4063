create or replace function bi.account_as_of(p_as_of ref.day)
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
  policy text,
  credit_limit numeric,
  tolerance_days int,
  risk_days int,
  open_amount numeric,
  unapplied_amount numeric,
  balance numeric,
  blocked_amount numeric,
  uncleared_amount numeric,
  uncleared_ras date,
  bounced_amount numeric,
  exposure_amount numeric,
  credit_room numeric,
  debt_ras date,
  debt_age_days numeric,
  due_ras date,
  overdue_amount numeric,
  debt_depth numeric,
  debt_depth_days numeric,
  risky_amount numeric,
  risky_share numeric,
  settled_paid_amount numeric,
  settlement_period_days numeric,
  variance_days numeric,
  settlement_money_days numeric,
  variance_money_days numeric
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
    a.policy,
    a.credit_limit,
    a.tolerance_days,
    a.risk_days,
    f.open_amount,
    f.unapplied_amount,
    f.balance,
    f.blocked_amount,
    f.uncleared_amount,
    f.uncleared_ras,
    f.bounced_amount,
    f.exposure_amount,
    f.credit_room,
    f.debt_ras,
    f.debt_age_days,
    f.due_ras,
    f.overdue_amount,
    f.debt_depth,
    f.debt_depth_days,
    f.risky_amount,
    f.risky_share,
    f.settled_paid_amount,
    f.settlement_period_days,
    f.variance_days,
    f.settlement_money_days,
    f.variance_money_days
  from ref.account a
  join ref.party p on p.party_id = a.party_id
  left join ref.salesperson sp on sp.salesperson_id = p.salesperson_id
  left join ref.region rg on rg.region_id = p.region_id
  left join ref.agency ag on ag.agency_id = p.agency_id
  cross join lateral calc.account_sum_as_of(array[a.account_id], p_as_of) s
  cross join lateral calc.account_figure(
    p_as_of,
    a.credit_limit,
    s.open_amount,
    s.blocked_amount,
    s.doc_money_days,
    s.due_money_days,
    s.overdue_amount,
    s.debt_depth,
    s.risky_amount,
    s.unapplied_amount,
    s.uncleared_amount,
    s.uncleared_money_days,
    s.bounced_amount,
    s.settled_paid_amount,
    s.settlement_money_days,
    s.variance_money_days
  ) f
  where p_as_of is not null
$$;

comment on function bi.account_as_of(ref.day) is
  'bi.account as of the end of a day: documents as they are now known, dated to that day, cheques in the state they then had (docs/figures.md). Plain and inlinable: where account_id = … costs one account.';
