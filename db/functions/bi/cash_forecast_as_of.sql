create or replace function bi.cash_forecast_as_of(p_as_of ref.day)
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
  source_type text,
  document_id bigint,
  line_no int,
  doc_no text,
  due_date date,
  delay_days numeric,
  clearing_rate numeric,
  expected_on date,
  amount numeric,
  certain_amount numeric,
  doubtful_amount numeric
)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
  with state as materialized (
    select z.r_line, z.r_credit
    from calc.chunk() c
    cross join lateral calc.state_as_of(c.account_ids, p_as_of) z
  ),
  line as materialized (
    select l.*
    from state s
    cross join lateral unnest(s.r_line) l
  ),
  credit as materialized (
    select c.*
    from state s
    cross join lateral unnest(s.r_credit) c
    where not c.is_cleared
      and c.amount > 0
  ),
  delay as (
    select
      i.account_id,
      case
        when count(*) filter (where i.is_year) >= 3
          then round(
            sum(i.money_days) filter (where i.is_year)
              / nullif(sum(i.paid_amount) filter (where i.is_year), 0),
            2
          )
      end as year_days,
      case
        when count(*) >= 3 then round(sum(i.money_days) / nullif(sum(i.paid_amount), 0), 2)
      end as all_days
    from (
      select
        l.account_id,
        sum(l.paid_amount) as paid_amount,
        sum(l.value_money_days - l.paid_amount * (l.due_date - date '2000-01-01')) as money_days,
        max(l.last_effective_date) > (p_as_of - interval '12 months')::date as is_year
      from line l
      where l.is_measured
      group by l.account_id, l.invoice_id
      having sum(l.open_amount) = 0
        and sum(l.paid_amount + l.written_off_amount) > 0
    ) i
    group by i.account_id
  ),
  organisation_delay as (
    select
      a.side,
      a.currency,
      round(
        sum(l.value_money_days - l.paid_amount * (l.due_date - date '2000-01-01'))
          / nullif(sum(l.paid_amount), 0),
        2
      ) as delay_days
    from line l
    join ref.account a on a.account_id = l.account_id
    where l.is_measured
    group by a.side, a.currency
  ),
  presented as materialized (
    select
      q.account_id,
      q.amount::numeric as amount,
      max(e.event_date::date) filter (where e.to_status in ('bounced', 'cleared'))
        as presented_on,
      max(e.event_date::date) filter (where e.to_status = 'bounced') as bounced_on
    from doc.cheque q
    join doc.cheque_event e on e.account_id = q.account_id and e.cheque_id = q.cheque_id
    where q.kind = 'payment'
      and q.doc_date <= p_as_of
      and e.event_date <= p_as_of
    group by q.account_id, q.cheque_id, q.amount
    -- Presented by then, and not void then: what became of it later was not known.
    having bool_or(e.to_status in ('bounced', 'cleared'))
      and (array_agg(e.to_status order by e.cheque_event_id desc))[1] <> 'void'
  ),
  clearing as (
    select
      q.account_id,
      1 - round(
        coalesce(sum(q.amount) filter (where q.bounced_on > w.since), 0)
          / nullif(sum(q.amount) filter (where q.presented_on > w.since), 0),
        4
      ) as year_rate,
      1 - round(
        coalesce(sum(q.amount) filter (where q.bounced_on is not null), 0) / sum(q.amount), 4
      ) as all_rate
    from presented q
    cross join (select (p_as_of - interval '12 months')::date as since) w
    group by q.account_id
  ),
  organisation_clearing as (
    select
      a.side,
      a.currency,
      round(1 - coalesce(sum(q.amount) filter (where q.bounced_on > w.since), 0) / sum(q.amount), 4)
        as clearing_rate
    from presented q
    join ref.account a on a.account_id = q.account_id
    cross join (select (p_as_of - interval '12 months')::date as since) w
    where q.presented_on > w.since
    group by a.side, a.currency
  )
  select
    x.account_id,
    a.party_id,
    p.code,
    p.name,
    a.side,
    a.currency,
    x.salesperson_id,
    sp.name,
    x.region_id,
    rg.name,
    x.agency_id,
    ag.name,
    x.source_type,
    x.document_id,
    x.line_no,
    x.doc_no,
    x.due_date,
    h.delay_days,
    h.clearing_rate,
    f.expected_on,
    x.amount,
    f.certain_amount,
    f.doubtful_amount
  from (
    select
      l.account_id,
      'line'::text as source_type,
      l.invoice_id as document_id,
      l.line_no,
      i.doc_no,
      i.salesperson_id,
      i.region_id,
      i.agency_id,
      l.due_date,
      l.open_amount as amount,
      not l.is_auto as is_disputed
    from line l
    join doc.invoice i on i.account_id = l.account_id and i.invoice_id = l.invoice_id
    where l.open_amount > 0
    union all
    select
      c.account_id,
      'cheque',
      c.credit_id,
      null,
      coalesce(q.serial_no, q.sayad_id),
      p.salesperson_id,
      p.region_id,
      p.agency_id,
      c.value_date,
      c.amount,
      false
    from credit c
    join doc.cheque q on q.account_id = c.account_id and q.cheque_id = c.credit_id
    join ref.account a on a.account_id = c.account_id
    join ref.party p on p.party_id = a.party_id
    cross join lateral (
      -- Of this cheque and of the other leg of one passed on.
      select bool_or(s.to_status = 'endorsed') as is_endorsed
      from (
        select q.account_id, q.cheque_id
        union
        select e.account_id, e.cheque_id
        from doc.cheque e
        where e.sayad_id = q.sayad_id
      ) e
      cross join lateral (
        select v.to_status
        from doc.cheque_event v
        where v.account_id = e.account_id
          and v.cheque_id = e.cheque_id
          and v.event_date <= p_as_of
        order by v.cheque_event_id desc
        limit 1
      ) s
    ) e
    where not e.is_endorsed
  ) x
  join ref.account a on a.account_id = x.account_id
  join ref.party p on p.party_id = a.party_id
  left join ref.salesperson sp on sp.salesperson_id = x.salesperson_id
  left join ref.region rg on rg.region_id = x.region_id
  left join ref.agency ag on ag.agency_id = x.agency_id
  left join delay d on d.account_id = x.account_id
  left join organisation_delay od on od.side = a.side and od.currency = a.currency
  left join clearing c on c.account_id = x.account_id
  left join organisation_clearing oc on oc.side = a.side and oc.currency = a.currency
  cross join lateral (
    select
      case
        when x.source_type = 'line' then coalesce(d.year_days, d.all_days, od.delay_days, 0)
      end as delay_days,
      case
        when x.source_type = 'cheque' then coalesce(c.year_rate, c.all_rate, oc.clearing_rate, 1)
      end as clearing_rate
  ) h
  cross join lateral calc.forecast_figure(
    p_as_of,
    x.source_type = 'cheque',
    x.due_date,
    x.amount,
    x.is_disputed,
    a.risk_days,
    h.delay_days,
    h.clearing_rate
  ) f
$$;

comment on function bi.cash_forecast_as_of(ref.day) is
  'bi.cash_forecast as it would have been made at the end of a day, from what is now known of that day: for back-tests. Computes the whole book from its documents: seconds, not milliseconds.';
