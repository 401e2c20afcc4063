-- The organisation's own, by side and currency, is asked for only when an account has no history.
create or replace view bi.cash_forecast as
with organisation_delay as materialized (
  select jsonb_object_agg(o.side || o.currency, o.delay_days) as delay_days
  from (
    select
      a.side,
      a.currency,
      round(sum(k.variance_money_days) / nullif(sum(k.paid_amount), 0), 2) as delay_days
    from calc.account k
    join ref.account a on a.account_id = k.account_id
    group by a.side, a.currency
  ) o
),
organisation_clearing as materialized (
  select jsonb_object_agg(o.side || o.currency, o.clearing_rate) as clearing_rate
  from (
    select
      a.side,
      a.currency,
      round(1 - coalesce(sum(q.amount) filter (where e.is_bounced), 0) / sum(q.amount), 4)
        as clearing_rate
    from (
      select e.account_id, e.cheque_id, bool_or(e.to_status = 'bounced') as is_bounced
      from doc.cheque_event e
      where e.to_status in ('bounced', 'cleared')
        and e.event_date > (select (calc.today() - interval '12 months')::date)
      group by e.account_id, e.cheque_id
    ) e
    -- An outer join to the end, though the rows are there: of columns that go together the planner
    -- would expect next to nothing to join.
    left join doc.cheque q on q.account_id = e.account_id and q.cheque_id = e.cheque_id
    join ref.account a on a.account_id = e.account_id
    where coalesce(q.kind = 'payment' and q.status <> 'void', false)
    group by a.side, a.currency
  ) o
)
select
  x.account_id,
  a.party_id,
  p.code as party_code,
  p.name as party_name,
  a.side,
  a.currency,
  o.salesperson_id,
  sp.name as salesperson_name,
  o.region_id,
  rg.name as region_name,
  o.agency_id,
  ag.name as agency_name,
  x.source_type,
  x.document_id,
  x.line_no,
  coalesce(i.doc_no, q.serial_no, q.sayad_id) as doc_no,
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
    l.invoice_id,
    null::bigint as cheque_id,
    l.due_date,
    l.open_amount as amount,
    not l.is_auto as is_disputed
  from calc.line l
  where l.is_open
  union all
  select
    c.account_id,
    'cheque',
    c.credit_id,
    null,
    null,
    c.credit_id,
    c.value_date,
    c.amount,
    false
  from calc.credit c
  left join doc.cheque q on q.account_id = c.account_id and q.cheque_id = c.credit_id
  where not c.is_cleared
    and c.amount > 0
    -- A cheque passed on moves no money of ours, on either of its two accounts.
    and q.status is distinct from 'endorsed'
    and not exists (
      select
      from doc.cheque e
      where e.sayad_id = q.sayad_id
        and e.status = 'endorsed'
    )
) x
join ref.account a on a.account_id = x.account_id
-- Outer joins, though the rows are there: the planner leaves out those that nothing is asked of, as
-- when rows are only put in order.
left join ref.party p on p.party_id = a.party_id
left join doc.invoice i on i.account_id = x.account_id and i.invoice_id = x.invoice_id
left join doc.cheque q on q.account_id = x.account_id and q.cheque_id = x.cheque_id
cross join lateral (
  select
    case when x.source_type = 'line' then i.salesperson_id else p.salesperson_id end
      as salesperson_id,
    case when x.source_type = 'line' then i.region_id else p.region_id end as region_id,
    case when x.source_type = 'line' then i.agency_id else p.agency_id end as agency_id
) o
left join ref.salesperson sp on sp.salesperson_id = o.salesperson_id
left join ref.region rg on rg.region_id = o.region_id
left join ref.agency ag on ag.agency_id = o.agency_id
left join calc.account_delay d on d.account_id = x.account_id
left join calc.presented_cheque b on b.account_id = x.account_id
cross join lateral (
  select
    case
      when x.source_type = 'cheque' then null
      else coalesce(
        d.delay_days,
        (
          (select o.delay_days from organisation_delay o) ->> (a.side || a.currency)
        )::numeric,
        0
      )
    end as delay_days,
    case
      when x.source_type = 'line' then null
      else coalesce(
        1 - round(coalesce(b.bounced_amount, 0) / nullif(b.presented_amount, 0), 4),
        1 - round(coalesce(b.all_bounced_amount, 0) / nullif(b.all_presented_amount, 0), 4),
        (
          (select o.clearing_rate from organisation_clearing o) ->> (a.side || a.currency)
        )::numeric,
        1
      )
    end as clearing_rate
) h
cross join calc.this_day t
cross join lateral calc.forecast_figure(
  t.today,
  x.source_type = 'cheque',
  x.due_date,
  x.amount,
  x.is_disputed,
  a.risk_days,
  h.delay_days,
  h.clearing_rate
) f;

comment on view bi.cash_forecast is
  'What is expected to come in (receivable) or go out (payable), and when: each open line, and each counted cheque not cleared but those passed on. New sales are not foreseen. Key: account_id, source_type, document_id, line_no.';
comment on column bi.cash_forecast.salesperson_id is
  'Of the invoice; of a cheque, the party''s at present; region and agency likewise.';
comment on column bi.cash_forecast.source_type is 'line: open part of a line of an invoice; cheque.';
comment on column bi.cash_forecast.document_id is 'invoice_id of a line, cheque_id of a cheque.';
comment on column bi.cash_forecast.line_no is 'Of a line; null: a cheque.';
comment on column bi.cash_forecast.doc_no is 'Number of the invoice; of a cheque its serial number or else its Sayad id.';
comment on column bi.cash_forecast.due_date is 'Due date of the line; of a cheque its day (the later of due and hand-over).';
comment on column bi.cash_forecast.delay_days is
  'How late the account settles: variance_days of bi.behaviour over 12 months, or over all time, each where 3 invoices were settled; else the organisation''s, of the side and currency (all money on all invoices but opening and refund). Null for cheques.';
comment on column bi.cash_forecast.clearing_rate is
  '1 − bounced_share of bi.behaviour over 12 months, or over all time; else the organisation''s over 12 months; 1 where no cheque was presented. Null for lines.';
comment on column bi.cash_forecast.expected_on is
  'Line: due_date + delay_days, to the nearest day; cheque: due_date; never before today.';
comment on column bi.cash_forecast.amount is 'Open part of the line; of a cheque, less the parts the bank paid.';
comment on column bi.cash_forecast.certain_amount is
  'Cheque: amount × clearing_rate; line: amount, but 0 when disputed or more than risk_days past due.';
comment on column bi.cash_forecast.doubtful_amount is 'amount − certain_amount.';
comment on column bi.cash_forecast.account_id is 'The account: one party, on one side, in one currency.';
comment on column bi.cash_forecast.party_id is 'The party of the account.';
comment on column bi.cash_forecast.party_code is 'Code of the party.';
comment on column bi.cash_forecast.party_name is 'Name of the party.';
comment on column bi.cash_forecast.side is 'receivable: they owe us; payable: we owe them.';
comment on column bi.cash_forecast.currency is 'Currency of every amount in the row.';
comment on column bi.cash_forecast.salesperson_name is 'Name of the salesperson.';
comment on column bi.cash_forecast.region_id is 'The region, taken from the document or the party just as the salesperson is.';
comment on column bi.cash_forecast.region_name is 'Name of the region.';
comment on column bi.cash_forecast.agency_id is 'The agency, taken from the document or the party just as the salesperson is.';
comment on column bi.cash_forecast.agency_name is 'Name of the agency.';
