-- The sums of an account as of the end of a day, once, for bi.account_as_of(), bi.aging_as_of() and the
-- month-end. For an account as well as for many: those named are read or computed in one pass
-- (calc.state_as_of). Plain and inlinable, as the functions over it are.

create or replace function calc.account_sum_as_of(p_account_ids bigint[], p_as_of date)
returns table (
  account_id bigint,
  open_amount numeric,
  blocked_amount numeric,
  doc_money_days numeric,
  due_money_days numeric,
  overdue_amount numeric,
  debt_depth numeric,
  risky_amount numeric,
  unapplied_amount numeric,
  uncleared_amount numeric,
  uncleared_money_days numeric,
  bounced_amount numeric,
  settled_paid_amount numeric,
  settlement_money_days numeric,
  variance_money_days numeric,
  not_due numeric,
  d1_30 numeric,
  d31_60 numeric,
  d61_90 numeric,
  d91_120 numeric,
  over_120 numeric
)
language sql
stable
as $$
  -- Each account is looked up once, and joined by FULL JOIN, which no nested loop can do: the planner
  -- can't tell how many accounts and lines there are.
  with u as materialized (
    select u.account_id, a.risk_days
    from unnest(p_account_ids) u(account_id)
    cross join lateral (
      select a.risk_days
      from ref.account a
      where a.account_id = u.account_id
      offset 0
    ) a
  )
  select
    u.account_id,
    coalesce(o.open_amount, 0),
    coalesce(o.blocked_amount, 0),
    o.doc_money_days,
    o.due_money_days,
    coalesce(o.overdue_amount, 0),
    coalesce(o.debt_depth, 0),
    coalesce(o.risky_amount, 0),
    coalesce(c.unapplied_amount, 0),
    coalesce(c.uncleared_amount, 0),
    c.uncleared_money_days,
    coalesce(b.bounced_amount, 0),
    coalesce(o.settled_paid_amount, 0),
    coalesce(o.settlement_money_days, 0),
    coalesce(o.variance_money_days, 0),
    coalesce(o.not_due, 0),
    coalesce(o.d1_30, 0),
    coalesce(o.d31_60, 0),
    coalesce(o.d61_90, 0),
    coalesce(o.d91_120, 0),
    coalesce(o.over_120, 0)
  from calc.state_as_of(p_account_ids, p_as_of) z
  cross join (
    u
    full join lateral (
      select
        l.account_id,
        sum(l.open_amount) as open_amount,
        sum(l.open_amount) filter (where not l.is_auto) as blocked_amount,
        sum(l.open_amount * (l.doc_date - date '2000-01-01')) as doc_money_days,
        sum(l.open_amount * (l.due_date - date '2000-01-01')) as due_money_days,
        sum(l.open_amount) filter (where l.days_past_due > 0) as overdue_amount,
        sum(l.open_amount * greatest(0, l.days_past_due)) as debt_depth,
        sum(l.open_amount) filter (where l.days_past_due > l.risk_days) as risky_amount,
        sum(l.paid_amount) filter (where l.is_settled) as settled_paid_amount,
        sum(l.value_money_days - l.paid_amount * (l.doc_date - date '2000-01-01'))
          filter (where l.is_settled) as settlement_money_days,
        sum(l.value_money_days - l.paid_amount * (l.due_date - date '2000-01-01'))
          filter (where l.is_settled) as variance_money_days,
        sum(l.open_amount) filter (where l.days_past_due <= 0) as not_due,
        sum(l.open_amount) filter (where l.days_past_due between 1 and 30) as d1_30,
        sum(l.open_amount) filter (where l.days_past_due between 31 and 60) as d31_60,
        sum(l.open_amount) filter (where l.days_past_due between 61 and 90) as d61_90,
        sum(l.open_amount) filter (where l.days_past_due between 91 and 120) as d91_120,
        sum(l.open_amount) filter (where l.days_past_due > 120) as over_120
      from (
        select
          l.account_id,
          l.doc_date,
          l.due_date,
          l.is_auto,
          l.open_amount,
          l.paid_amount,
          l.value_money_days,
          p_as_of - l.due_date as days_past_due,
          u.risk_days,
          l.is_measured
            and sum(l.open_amount) over (partition by l.account_id, l.invoice_id) = 0
            as is_settled
        from unnest(z.r_line) l
        join u on u.account_id = l.account_id
      ) l
      group by l.account_id
    ) o on o.account_id = u.account_id
    full join lateral (
      select
        c.account_id,
        sum(c.unapplied_amount) as unapplied_amount,
        sum(c.amount) filter (where not c.is_cleared) as uncleared_amount,
        sum(c.amount * (c.value_date - date '2000-01-01')) filter (where not c.is_cleared)
          as uncleared_money_days
      from unnest(z.r_credit) c
      group by c.account_id
    ) c on c.account_id = u.account_id
  )
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
    where q.account_id = u.account_id
      and q.kind = 'payment'
      and q.doc_date <= p_as_of
      and e.to_status = 'bounced'
  ) b
$$;

comment on function calc.account_sum_as_of(bigint[], date) is
  'Sums of some accounts, a row each, as of the end of a day (docs/figures.md), in one pass; for calc.account_figure() and the aging. Products count days from 2000-01-01, but those of settled invoices, which count from the invoice and from the due date.';
