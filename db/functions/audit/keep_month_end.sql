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
    v_id, a.account_id, a.party_id, a.party_code, a.party_name, a.side, a.currency,
    a.salesperson_id, a.salesperson_name, a.region_id, a.region_name, a.agency_id, a.agency_name,
    a.policy, a.credit_limit, a.tolerance_days, a.risk_days, a.open_amount, a.unapplied_amount,
    a.balance, a.blocked_amount, a.uncleared_amount, a.uncleared_ras, a.bounced_amount,
    a.exposure_amount, a.credit_room, a.debt_ras, a.debt_age_days, a.due_ras, a.overdue_amount,
    a.debt_depth, a.debt_depth_days, a.risky_amount, a.risky_share, a.settled_paid_amount,
    a.settlement_period_days, a.variance_days, a.settlement_money_days, a.variance_money_days,
    g.not_due, g.d1_30, g.d31_60, g.d61_90, g.d91_120, g.over_120
  from bi.account_as_of(p_as_of) as a
  join bi.aging_as_of(p_as_of) as g on g.account_id = a.account_id;

  return v_id;
end
$$;

comment on function audit.keep_month_end(date) is
  'Keeps the account and aging figures of a closed day, if they have not been kept since it was closed (RS407 if it is not closed); gives their month_end_id. Takes no lock that a writer of documents would wait for.';
