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
  cross join lateral calc.state(array[a.account_id], p_as_of) z
  cross join lateral (
    select
      sum(l.open_amount) as open_amount,
      sum(l.open_amount) filter (where not l.is_auto) as blocked_amount,
      sum(l.open_amount * (l.doc_date - date '2000-01-01')) as doc_money_days,
      sum(l.open_amount * (l.due_date - date '2000-01-01')) as due_money_days,
      sum(l.open_amount) filter (where l.due_date < p_as_of) as overdue_amount,
      sum(l.open_amount * greatest(0, p_as_of - l.due_date)) as debt_depth,
      coalesce(sum(l.open_amount) filter (where p_as_of - l.due_date > a.risk_days), 0)
        as risky_amount,
      coalesce(sum(l.paid_amount) filter (where l.is_settled), 0) as settled_paid_amount,
      coalesce(
        sum(l.value_money_days - l.paid_amount * (l.doc_date - date '2000-01-01'))
          filter (where l.is_settled),
        0
      ) as settlement_money_days,
      coalesce(
        sum(l.value_money_days - l.paid_amount * (l.due_date - date '2000-01-01'))
          filter (where l.is_settled),
        0
      ) as variance_money_days
    from (
      select
        l.*,
        l.is_measured and sum(l.open_amount) over (partition by l.invoice_id) = 0 as is_settled
      from unnest(z.r_line) l
    ) l
  ) o
  cross join lateral (
    select
      sum(c.unapplied_amount) as unapplied_amount,
      sum(c.amount) filter (where not c.is_cleared) as uncleared_amount,
      sum(c.amount * (c.value_date - date '2000-01-01')) filter (where not c.is_cleared)
        as uncleared_money_days
    from unnest(z.r_credit) c
  ) c
  cross join lateral (
    select sum(greatest(q.amount - coalesce(p.amount, 0), 0)) as bounced_amount
    from doc.cheque q
    cross join lateral (
      select e.to_status
      from doc.cheque_event e
      where e.account_id = q.account_id
        and e.cheque_id = q.cheque_id
        and e.event_date <= p_as_of
      order by e.cheque_event_id desc
      limit 1
    ) e
    left join lateral (
      select sum(p.amount) as amount
      from doc.payment p
      where p.account_id = q.account_id
        and p.cheque_id = q.cheque_id
        and p.status = 'approved'
        and p.doc_date <= p_as_of
    ) p on true
    where q.account_id = a.account_id
      and q.kind = 'payment'
      and q.doc_date <= p_as_of
      and e.to_status = 'bounced'
  ) b
  cross join lateral calc.account_figure(
    p_as_of,
    a.credit_limit,
    o.open_amount,
    o.blocked_amount,
    o.doc_money_days,
    o.due_money_days,
    o.overdue_amount,
    o.debt_depth,
    o.risky_amount,
    c.unapplied_amount,
    c.uncleared_amount,
    c.uncleared_money_days,
    b.bounced_amount,
    o.settled_paid_amount,
    o.settlement_money_days,
    o.variance_money_days
  ) f
$$;

comment on function bi.account_as_of(ref.day) is
  'bi.account as of the end of a day: documents as they are now known, dated to that day, cheques in the state they then had (DESIGN section 6). Plain and inlinable: where account_id = … costs one account.';
