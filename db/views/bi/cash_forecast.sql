create or replace view bi.cash_forecast as
select
  x.account_id,
  a.party_id,
  p.code as party_code,
  p.name as party_name,
  a.side,
  a.currency,
  x.salesperson_id,
  sp.name as salesperson_name,
  x.region_id,
  rg.name as region_name,
  x.agency_id,
  ag.name as agency_name,
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
  from calc.line l
  -- Outer joins, though the rows are there: of two columns that go together the planner would
  -- expect next to nothing to join, and compute the behaviour of the book again for each line.
  left join doc.invoice i on i.account_id = l.account_id and i.invoice_id = l.invoice_id
  where l.is_open
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
  from calc.credit c
  left join doc.cheque q on q.account_id = c.account_id and q.cheque_id = c.credit_id
  join ref.account a on a.account_id = c.account_id
  join ref.party p on p.party_id = a.party_id
  where not c.is_cleared
    and c.amount > 0
    -- A cheque passed on moves no money of ours, on either of its two accounts.
    and q.status is distinct from 'endorsed'
    and not exists (
      select
      from doc.cheque e
      where e.sayad_id = q.sayad_id
        and e.account_id <> q.account_id
        and e.status = 'endorsed'
    )
) x
join ref.account a on a.account_id = x.account_id
join ref.party p on p.party_id = a.party_id
left join ref.salesperson sp on sp.salesperson_id = x.salesperson_id
left join ref.region rg on rg.region_id = x.region_id
left join ref.agency ag on ag.agency_id = x.agency_id
left join bi.behaviour b on b.account_id = x.account_id
cross join lateral (
  -- The organisation's two tables are asked for only when an account has no history.
  select
    case
      when x.source_type = 'cheque' then null
      else coalesce(
        case when b.settled_count >= 3 then b.variance_days end,
        case when b.all_settled_count >= 3 then b.all_variance_days end,
        (
          (
            select jsonb_object_agg(o.side || o.currency, o.delay_days)
            from (
              select
                a.side,
                a.currency,
                round(sum(k.variance_money_days) / nullif(sum(k.paid_amount), 0), 2) as delay_days
              from calc.account k
              join ref.account a on a.account_id = k.account_id
              group by a.side, a.currency
            ) o
          ) ->> (a.side || a.currency)
        )::numeric,
        0
      )
    end as delay_days,
    case
      when x.source_type = 'line' then null
      else coalesce(
        1 - b.bounced_share,
        1 - b.all_bounced_share,
        (
          (
            select jsonb_object_agg(o.side || o.currency, o.clearing_rate)
            from (
              select
                b.side,
                b.currency,
                round(1 - sum(b.bounced_amount) / nullif(sum(b.presented_amount), 0), 4)
                  as clearing_rate
              from bi.behaviour b
              group by b.side, b.currency
            ) o
          ) ->> (a.side || a.currency)
        )::numeric,
        1
      )
    end as clearing_rate
  offset 0
) h
cross join (select calc.today() as today offset 0) t
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
