-- Statistics over the whole history: materialized views that the writer never refreshes, and the
-- marks by which a reader knows which months of them to compute anew (DESIGN section 7).

create table calc.dirty (
  dirty_id bigint generated always as identity,
  month date not null
)
with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

create index dirty_month_idx on calc.dirty (month);

comment on table calc.dirty is
  'Marks: invoices of this month changed since the materialized views were last refreshed. Written by whoever changes them, in the same transaction, with plain inserts; taken away by calc.refresh() alone, by id. Never truncated: TRUNCATE is seen by snapshots that are older.';
comment on column calc.dirty.dirty_id is
  'Tells the marks that a refresh had read from those that came meanwhile.';
comment on column calc.dirty.month is 'First day of the Gregorian month of the invoices'' doc_date.';

create table calc.refreshed (
  is_only boolean not null default true
    constraint refreshed_pkey primary key
    constraint refreshed_one_row check (is_only),
  refreshed_at timestamptz not null default now(),
  took interval not null default interval '0',
  mark_count bigint not null default 0
);

comment on table calc.refreshed is 'The last refresh of the materialized views; one row.';
comment on column calc.refreshed.refreshed_at is 'When it read the marks: everything committed before is in.';
comment on column calc.refreshed.took is 'How long it took; the refresher rests nine times as long.';
comment on column calc.refreshed.mark_count is 'Marks it took away.';
comment on constraint refreshed_pkey on calc.refreshed is
  'The last refresh is kept already. | It is written by calc.refresh() alone.';
comment on constraint refreshed_one_row on calc.refreshed is
  'The last refresh is one row. | It is written by calc.refresh() alone.';

-- Where a read begins that computes marked months: their invoices.
create index invoice_doc_date_idx on doc.invoice (doc_date);

-- The same text, of marked months, is calc.settled_invoice_live.
create materialized view calc.settled_invoice as
select
  i.account_id,
  i.invoice_id,
  date_trunc('month', i.doc_date::timestamp)::date as month,
  d.jalali_year * 100 + d.jalali_month as jalali_month,
  date_trunc('month', s.settled_on::timestamp)::date as settlement_month,
  e.jalali_year * 100 + e.jalali_month as jalali_settlement_month,
  a.side,
  a.currency,
  i.salesperson_id,
  i.region_id,
  i.agency_id,
  i.amount::numeric as amount,
  s.paid_amount,
  s.value_money_days - s.paid_amount * (i.doc_date - date '2000-01-01') as settlement_money_days,
  s.variance_money_days,
  round(s.value_money_days / s.paid_amount - (i.doc_date - date '2000-01-01'), 2)
    as settlement_days,
  round(s.variance_money_days / s.paid_amount, 2) as variance_days
from doc.invoice i
join ref.account a on a.account_id = i.account_id
join (
  select
    l.account_id,
    l.invoice_id,
    max(l.last_effective_date) as settled_on,
    sum(l.paid_amount) as paid_amount,
    sum(l.value_money_days) as value_money_days,
    sum(l.value_money_days - l.paid_amount * (l.due_date - date '2000-01-01'))
      as variance_money_days
  from calc.line l
  group by l.account_id, l.invoice_id
  -- In words that the planner does not take for rare: it would look up each invoice by itself.
  having bool_and(l.is_measured and not l.is_open)
    and sum(l.paid_amount) > 0
) s on s.account_id = i.account_id and s.invoice_id = i.invoice_id
join ref.calendar d on d.day = i.doc_date
join ref.calendar e on e.day = s.settled_on;

create unique index settled_invoice_key on calc.settled_invoice (account_id, invoice_id);
create index settled_invoice_month_idx on calc.settled_invoice (month);
comment on materialized view calc.settled_invoice is
  'Invoices settled with money, as they were at the last refresh; opening and refund stay out. Read it by way of calc.settled_invoice_now. Key: account_id, invoice_id.';
comment on column calc.settled_invoice.month is 'First day of the Gregorian month of the invoice: what calc.dirty names.';
comment on column calc.settled_invoice.jalali_month is 'Jalali month of the invoice, 140405.';
comment on column calc.settled_invoice.settlement_month is 'First day of the Gregorian month of settled_on.';
comment on column calc.settled_invoice.jalali_settlement_month is 'Jalali month of settled_on, 140405.';
comment on column calc.settled_invoice.settlement_days is 'bi.invoice.settlement_period_days.';
comment on index calc.settled_invoice_key is
  'An invoice stands twice in calc.settled_invoice. | Run calc.refresh() again.';

-- Over calc.settled_invoice and nothing else: both are of one refresh, so a reader can take some
-- months from the one and some from the other (calc.settlement_by).
create materialized view calc.settlement_total as
select
  g.dimension,
  g.key_id,
  f.side,
  f.currency,
  count(*) as invoice_count,
  sum(f.amount) as amount,
  sum(f.paid_amount) as paid_amount,
  sum(f.settlement_money_days) as settlement_money_days,
  sum(f.variance_money_days) as variance_money_days,
  percentile_cont(array[0.5, 0.9]) within group (order by f.settlement_days::float8)
    as settlement_percentiles,
  percentile_cont(array[0.5, 0.9]) within group (order by f.variance_days::float8)
    as variance_percentiles
from calc.settled_invoice f
cross join lateral (
  values
    ('salesperson', coalesce(f.salesperson_id, -1)),
    ('region', coalesce(f.region_id, -1)),
    ('agency', coalesce(f.agency_id, -1)),
    ('account', f.account_id),
    ('month', f.month - date '2000-01-01'),
    ('jalali_month', f.jalali_month),
    ('settlement_month', f.settlement_month - date '2000-01-01'),
    ('jalali_settlement_month', f.jalali_settlement_month)
) g(dimension, key_id)
group by g.dimension, g.key_id, f.side, f.currency;

create unique index settlement_total_key on calc.settlement_total
  (dimension, key_id, side, currency);
comment on materialized view calc.settlement_total is
  'calc.settled_invoice added up by salesperson, region, agency, account and month, over the whole history. Read it by way of calc.settlement_by. Key: dimension, key_id, side, currency.';
comment on column calc.settlement_total.dimension is
  'salesperson, region, agency, account, month, jalali_month (of the invoice), settlement_month, jalali_settlement_month.';
comment on column calc.settlement_total.key_id is
  'Id of the salesperson, region or agency (−1: none) or account; Gregorian month: first day − 2000-01-01; Jalali month: 140405.';
comment on column calc.settlement_total.settlement_percentiles is
  'Median and 90th percentile of settlement_days over the invoices, as percentile_cont gives them.';
comment on column calc.settlement_total.variance_percentiles is
  'Median and 90th percentile of variance_days over the invoices.';
comment on index calc.settlement_total_key is
  'A group stands twice in calc.settlement_total. | Run calc.refresh() again.';

-- The same text, of marked months, is calc.receivable_day_live.
create materialized view calc.receivable_day as
select
  e.month,
  a.side,
  a.currency,
  e.day,
  sum(e.sales_amount) as sales_amount,
  sum(e.receipt_amount) as receipt_amount,
  sum(e.open_change) as open_change,
  sum(e.current_change) as current_change
from (
  select
    l.account_id,
    date_trunc('month', l.doc_date::timestamp)::date as month,
    v.day,
    v.sales_amount,
    0 as receipt_amount,
    v.open_change,
    v.current_change
  from calc.line l
  cross join lateral (
    values
      (
        l.doc_date,
        case when l.is_measured then l.amount else 0 end,
        l.amount,
        case when l.due_date >= l.doc_date then l.amount else 0 end
      ),
      (l.due_date + 1, 0, 0, case when l.due_date >= l.doc_date then -l.amount else 0 end)
  ) v(day, sales_amount, open_change, current_change)
  union all
  select
    l.account_id,
    date_trunc('month', l.doc_date::timestamp)::date,
    v.day,
    0,
    v.receipt_amount,
    v.open_change,
    v.current_change
  from calc.allocation k
  join calc.credit c on c.account_id = k.account_id and c.credit_id = k.credit_id
  join calc.line l
    on l.account_id = k.account_id
    and l.invoice_id = k.invoice_id
    and l.line_no = k.line_no
  cross join lateral (
    values
      (c.doc_date, case when c.value_date is not null then k.amount else 0 end, 0, 0),
      (
        greatest(l.doc_date, c.doc_date),
        0,
        -k.amount,
        case when l.due_date >= greatest(l.doc_date, c.doc_date) then -k.amount else 0 end
      ),
      (
        l.due_date + 1,
        0,
        0,
        case when l.due_date >= greatest(l.doc_date, c.doc_date) then k.amount else 0 end
      )
  ) v(day, receipt_amount, open_change, current_change)
) e
join ref.account a on a.account_id = e.account_id
group by e.month, a.side, a.currency, e.day;

create unique index receivable_day_key on calc.receivable_day (month, side, currency, day);
comment on materialized view calc.receivable_day is
  'What each day did to the open amounts of the invoices of a month, as it was at the last refresh: adding up over the days to a day T gives what was open, and what of it was not yet due, at the end of T. Read it by way of calc.receivable_day_now. Key: month, side, currency, day.';
comment on column calc.receivable_day.month is 'First day of the Gregorian month of the invoices: what calc.dirty names.';
comment on column calc.receivable_day.sales_amount is 'Invoices of the day, without opening and refund.';
comment on column calc.receivable_day.receipt_amount is 'Money dated on the day, as far as these invoices were settled with it.';
comment on column calc.receivable_day.open_change is 'Invoices of the day less what was settled on it (effective date).';
comment on column calc.receivable_day.current_change is 'The same of lines not yet due: what is open of a line leaves on the day after its due date.';
comment on index calc.receivable_day_key is
  'A day stands twice in calc.receivable_day. | Run calc.refresh() again.';

insert into calc.refreshed default values;

-- A branch that the plan does not take still counts in its cost, and would set the compiler going.
do $$
begin
  execute format('alter database %I set jit = off', current_database());
exception
  when insufficient_privilege then
    raise notice 'jit stays as it is: the database belongs to another role';
end
$$;
