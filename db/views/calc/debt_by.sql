-- Whoever asks names one dimension: the condition goes down to the rows of the list, before anything
-- is joined or added up.
create or replace view calc.debt_by as
select
  o.dimension,
  o.key_id,
  o.side,
  o.currency,
  o.invoice_count,
  f.open_amount,
  f.unapplied_amount,
  f.balance,
  f.blocked_amount,
  f.uncleared_amount,
  f.uncleared_ras,
  f.bounced_amount,
  f.exposure_amount,
  f.debt_ras,
  f.debt_age_days,
  f.due_ras,
  f.overdue_amount,
  f.debt_depth,
  f.debt_depth_days,
  f.risky_amount,
  f.risky_share,
  o.not_due,
  o.d1_30,
  o.d31_60,
  o.d61_90,
  o.d91_120,
  o.over_120,
  o.debt_money_days,
  o.due_money_days
from (
  select
    k.dimension,
    k.key_id,
    l.side,
    l.currency,
    count(distinct l.invoice_id) as invoice_count,
    sum(l.open_amount) as open_amount,
    sum(l.open_amount) filter (where not l.is_auto) as blocked_amount,
    sum(l.open_amount * (l.doc_date - date '2000-01-01')) as doc_base_days,
    sum(l.open_amount * (l.due_date - date '2000-01-01')) as due_base_days,
    sum(l.open_amount) filter (where l.days_past_due > 0) as overdue_amount,
    sum(l.open_amount * greatest(0, l.days_past_due)) as debt_depth,
    coalesce(sum(l.open_amount) filter (where l.days_past_due > l.risk_days), 0) as risky_amount,
    coalesce(sum(l.open_amount) filter (where l.days_past_due <= 0), 0) as not_due,
    coalesce(sum(l.open_amount) filter (where l.days_past_due between 1 and 30), 0) as d1_30,
    coalesce(sum(l.open_amount) filter (where l.days_past_due between 31 and 60), 0) as d31_60,
    coalesce(sum(l.open_amount) filter (where l.days_past_due between 61 and 90), 0) as d61_90,
    coalesce(sum(l.open_amount) filter (where l.days_past_due between 91 and 120), 0) as d91_120,
    coalesce(sum(l.open_amount) filter (where l.days_past_due > 120), 0) as over_120,
    coalesce(sum(l.open_amount * l.days_old), 0) as debt_money_days,
    coalesce(sum(l.open_amount * l.days_past_due), 0) as due_money_days,
    sum(l.unapplied_amount) as unapplied_amount,
    sum(l.uncleared_amount) as uncleared_amount,
    sum(l.uncleared_money_days) as uncleared_money_days,
    sum(l.bounced_amount) as bounced_amount
  from (
    select
      l.side, l.currency, l.salesperson_id, l.region_id, l.agency_id, l.invoice_id, l.is_auto,
      l.doc_date, l.due_date, l.days_old, l.days_past_due, l.risk_days, l.open_amount,
      null::numeric as unapplied_amount, null::numeric as uncleared_amount,
      null::numeric as uncleared_money_days, null::numeric as bounced_amount
    from calc.open_line l
    union all
    select
      c.side, c.currency, c.salesperson_id, c.region_id, c.agency_id, null, null,
      null, null, null, null, null, null,
      c.unapplied_amount, c.uncleared_amount, c.uncleared_money_days, c.bounced_amount
    from calc.loose_credit c
  ) l
  cross join (
    values ('salesperson'), ('region'), ('agency')
  ) d(dimension)
  cross join lateral (
    select
      d.dimension,
      case d.dimension
        when 'salesperson' then l.salesperson_id
        when 'region' then l.region_id
        else l.agency_id
      end as key_id
  ) k
  group by k.dimension, k.key_id, l.side, l.currency
) o
cross join calc.this_day t
cross join lateral calc.account_figure(
  t.today,
  null,
  o.open_amount,
  o.blocked_amount,
  o.doc_base_days,
  o.due_base_days,
  o.overdue_amount,
  o.debt_depth,
  o.risky_amount,
  o.unapplied_amount,
  o.uncleared_amount,
  o.uncleared_money_days,
  o.bounced_amount,
  null,
  null,
  null
) f;

comment on view calc.debt_by is
  'What is open and how deep, what is left over and what is not yet cleared, by salesperson, region and agency: of the invoice, and of the party at present where no invoice is; for bi.debt_by_…. Take one dimension. Key: dimension, key_id (null: none), side, currency.';
