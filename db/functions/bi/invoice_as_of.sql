create or replace function bi.invoice_as_of(p_as_of ref.day)
returns table (
  account_id bigint,
  party_id bigint,
  party_code text,
  party_name text,
  side text,
  currency text,
  invoice_id bigint,
  kind text,
  doc_no text,
  doc_date date,
  due_date date,
  payment_term_id bigint,
  salesperson_id bigint,
  salesperson_name text,
  region_id bigint,
  region_name text,
  agency_id bigint,
  agency_name text,
  auto_allocate boolean,
  line_count int,
  amount numeric,
  credited_amount numeric,
  written_off_amount numeric,
  net_amount numeric,
  paid_amount numeric,
  cleared_amount numeric,
  open_amount numeric,
  status text,
  is_collected boolean,
  committed_ras date,
  committed_days numeric,
  settlement_ras date,
  settlement_days numeric,
  variance_days numeric,
  timing text,
  settled_on date,
  settlement_period_days numeric,
  debt_age_days int,
  overdue_amount numeric,
  debt_depth numeric,
  debt_depth_days numeric,
  risky_amount numeric,
  committed_money_days numeric,
  settlement_money_days numeric,
  variance_money_days numeric,
  source text,
  external_id text,
  note text
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
    i.invoice_id,
    i.kind,
    i.doc_no,
    i.doc_date::date as doc_date,
    s.due_date,
    i.payment_term_id,
    i.salesperson_id,
    sp.name as salesperson_name,
    i.region_id,
    rg.name as region_name,
    i.agency_id,
    ag.name as agency_name,
    i.auto_allocate,
    s.line_count,
    i.amount::numeric as amount,
    coalesce(s.credited_amount, 0) as credited_amount,
    coalesce(s.written_off_amount, 0) as written_off_amount,
    f.net_amount,
    coalesce(s.paid_amount, 0) as paid_amount,
    coalesce(s.cleared_amount, 0) as cleared_amount,
    coalesce(s.open_amount, 0) as open_amount,
    f.status,
    f.is_collected,
    f.committed_ras,
    f.committed_days,
    f.settlement_ras,
    f.settlement_days,
    f.variance_days,
    f.timing,
    f.settled_on,
    f.settlement_period_days,
    f.debt_age_days,
    coalesce(s.overdue_amount, 0) as overdue_amount,
    coalesce(s.debt_depth, 0) as debt_depth,
    f.debt_depth_days,
    coalesce(s.risky_amount, 0) as risky_amount,
    f.committed_money_days,
    f.settlement_money_days,
    f.variance_money_days,
    i.source,
    i.external_id,
    i.note
  from ref.account a
  cross join lateral (
    select
      l.invoice_id,
      sum(l.open_amount) as open_amount,
      sum(l.credited_amount) as credited_amount,
      sum(l.written_off_amount) as written_off_amount,
      sum(l.paid_amount) as paid_amount,
      sum(l.cleared_amount) as cleared_amount,
      sum(l.amount * (l.due_date - date '2000-01-01')) as due_money_days,
      sum((l.amount - l.credited_amount) * (l.due_date - date '2000-01-01')) as net_due_money_days,
      sum(l.value_money_days) as value_money_days,
      sum(l.value_money_days - l.paid_amount * (l.due_date - date '2000-01-01'))
        as variance_money_days,
      max(l.last_effective_date) as last_effective_date,
      max(l.due_date) as due_date,
      count(*)::int as line_count,
      coalesce(sum(l.open_amount) filter (where l.due_date < p_as_of), 0) as overdue_amount,
      sum(l.open_amount * greatest(0, p_as_of - l.due_date)) as debt_depth,
      max(p_as_of - l.due_date) filter (where l.open_amount > 0) as days_past_due,
      coalesce(
        sum(l.open_amount) filter (where p_as_of - l.due_date > a.risk_days), 0
      ) as risky_amount
    from calc.line_as_of(a.account_id, p_as_of) l
    group by l.invoice_id
    union all
    select v.invoice_id, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null
    from doc.invoice v
    where v.account_id = a.account_id
      and v.status = 'void'
  ) s
  join ref.party p on p.party_id = a.party_id
  -- Looked up one by one (offset 0 keeps it so): the planner can't tell how many there are, and what
  -- gives them must not be asked for each.
  cross join lateral (
    select
      i.invoice_id,
      i.kind,
      i.doc_no,
      i.doc_date,
      i.payment_term_id,
      i.salesperson_id,
      i.region_id,
      i.agency_id,
      i.auto_allocate,
      i.amount,
      i.source,
      i.external_id,
      i.note
    from doc.invoice i
    where i.account_id = a.account_id
      and i.invoice_id = s.invoice_id
      and i.doc_date <= p_as_of
    offset 0
  ) i
  left join ref.salesperson sp on sp.salesperson_id = i.salesperson_id
  left join ref.region rg on rg.region_id = i.region_id
  left join ref.agency ag on ag.agency_id = i.agency_id
  cross join lateral calc.invoice_figure(
    i.kind,
    i.doc_date,
    i.amount,
    a.tolerance_days,
    p_as_of,
    s.open_amount,
    s.credited_amount,
    s.paid_amount,
    s.cleared_amount,
    s.written_off_amount,
    s.due_money_days,
    s.net_due_money_days,
    s.value_money_days,
    s.variance_money_days,
    s.debt_depth,
    s.days_past_due,
    s.last_effective_date
  ) f
$$;

comment on function bi.invoice_as_of(ref.day) is
  'bi.invoice as of the end of a day: documents as they are now known, dated to that day, cheques in the state they then had (docs/figures.md). Plain and inlinable: where account_id = … costs one account.';
