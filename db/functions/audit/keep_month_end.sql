create or replace function audit.keep_month_end(p_as_of date)
returns bigint
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_closed_at timestamptz;
  v_id bigint;
begin
  -- One at a time; what it waited for is seen below.
  perform pg_advisory_xact_lock(hashtext('audit.month_end'), 0);

  select max(p.closed_at)
  into v_closed_at
  from ref.period_lock as p
  where p.closed_upto = p_as_of;
  if v_closed_at is null then
    perform ref.refuse(
      'RS407', format('no period was closed to %s', coalesce(p_as_of::text, 'no day'))
    );
  end if;

  select max(m.month_end_id)
  into v_id
  from audit.month_end as m
  where m.as_of = p_as_of and m.kept_at > v_closed_at;
  if v_id is not null then
    return v_id;
  end if;

  insert into audit.month_end (as_of) values (p_as_of) returning month_end_id into v_id;
  insert into audit.month_end_account (
    month_end_id, account_id, party_id, party_code, party_name, side, currency, salesperson_id,
    salesperson_name, region_id, region_name, agency_id, agency_name, policy, credit_limit,
    tolerance_days, risk_days, open_amount, unapplied_amount, balance, blocked_amount,
    uncleared_amount, uncleared_ras, bounced_amount, exposure_amount, credit_room, debt_ras,
    debt_age_days, due_ras, overdue_amount, debt_depth, debt_depth_days, risky_amount, risky_share,
    settled_paid_amount, settlement_period_days, variance_days, settlement_money_days,
    variance_money_days, not_due, d1_30, d31_60, d61_90, d91_120, over_120
  )
  select
    v_id, a.account_id, a.party_id, p.code, p.name, a.side, a.currency, p.salesperson_id, sp.name,
    p.region_id, rg.name, p.agency_id, ag.name, a.policy, a.credit_limit, a.tolerance_days,
    a.risk_days, f.open_amount, f.unapplied_amount, f.balance, f.blocked_amount, f.uncleared_amount,
    f.uncleared_ras, f.bounced_amount, f.exposure_amount, f.credit_room, f.debt_ras,
    f.debt_age_days, f.due_ras, f.overdue_amount, f.debt_depth, f.debt_depth_days, f.risky_amount,
    f.risky_share, f.settled_paid_amount, f.settlement_period_days, f.variance_days,
    f.settlement_money_days, f.variance_money_days, s.not_due, s.d1_30, s.d31_60, s.d61_90,
    s.d91_120, s.over_120
  -- What bi.account_as_of() and bi.aging_as_of() say, of many accounts in one pass.
  from calc.chunk() as c
  cross join lateral calc.account_sum_as_of(c.account_ids, p_as_of) as s
  join ref.account as a on a.account_id = s.account_id
  join ref.party as p on p.party_id = a.party_id
  left join ref.salesperson as sp on sp.salesperson_id = p.salesperson_id
  left join ref.region as rg on rg.region_id = p.region_id
  left join ref.agency as ag on ag.agency_id = p.agency_id
  cross join lateral calc.account_figure(
    p_as_of, a.credit_limit, s.open_amount, s.blocked_amount, s.doc_money_days, s.due_money_days,
    s.overdue_amount, s.debt_depth, s.risky_amount, s.unapplied_amount, s.uncleared_amount,
    s.uncleared_money_days, s.bounced_amount, s.settled_paid_amount, s.settlement_money_days,
    s.variance_money_days
  ) as f;

  return v_id;
end
$$;

comment on function audit.keep_month_end(date) is
  'Keeps the account and aging figures of a closed day, if they have not been kept since it was closed (RS407 if it is not closed); gives their month_end_id. Takes no lock that a writer of documents would wait for.';
