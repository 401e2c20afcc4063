-- A set-off is checked once a transaction, however many legs were written: each statement leaves
-- the set-offs it touched in a list, and the first row of the list that comes to its turn at commit
-- checks all of it.

drop function if exists doc.check_set_off() cascade;

create table calc.set_off_touched (
  set_off_touched_id bigint generated always as identity
    constraint set_off_touched_pkey primary key,
  source text not null,
  set_off_no text not null,
  currency text not null
)
with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

comment on table calc.set_off_touched is
  'Set-offs whose legs changed in this transaction and were not checked since; empty to everyone else. Written by calc.touch_set_off(), taken away by calc.check_set_off().';
comment on constraint set_off_touched_pkey on calc.set_off_touched is
  'The row is in the list already. | Rows of calc.set_off_touched come and go with the statements on doc.set_off.';

create table calc.set_off_lock (
  set_off_lock_no int not null
    constraint set_off_lock_pkey primary key,
  change_count bigint not null default 0
)
with (fillfactor = 50);

comment on table calc.set_off_lock is
  'The locks that checks of a set-off take turns on: 1024, each for the set-offs whose names hash to it. Updated, not just locked, so that under REPEATABLE READ whoever comes too late gets 40001.';
comment on column calc.set_off_lock.change_count is 'Raised by each check before it reads the legs.';
comment on constraint set_off_lock_pkey on calc.set_off_lock is
  'The lock is there already. | Rows of calc.set_off_lock are written by calc.check_set_off() alone.';

-- calc.receivable_day anew: what goes together is added up before it is spread over the days it
-- touches, which halves the time it takes. Without cascade: a view of somebody else's that stands on
-- one of these is not dropped with it, the migration says so instead. Ours come again after it.
drop view if exists bi.freshness, bi.collection_by_month, bi.collection_by_jalali_month, calc.collection,
  calc.receivable_day_now;
drop function if exists calc.mark_all();
drop materialized view calc.receivable_day;

-- The same of marked months is calc.receivable_day_live, where the outer joins are told of.
create materialized view calc.receivable_day as
select
  date_trunc('month', e.doc_date::timestamp)::date as month,
  e.side,
  e.currency,
  e.day,
  sum(e.sales_amount) as sales_amount,
  sum(e.receipt_amount) as receipt_amount,
  sum(e.open_change) as open_change,
  sum(e.current_change) as current_change
from (
  select
    i.side,
    i.currency,
    i.doc_date,
    v.day,
    v.sales_amount,
    0 as receipt_amount,
    v.open_change,
    v.current_change
  from (
    select
      a.side,
      a.currency,
      l.doc_date,
      l.due_date,
      l.is_measured,
      sum(l.amount) as amount
    from calc.line l
    left join ref.account a on a.account_id = l.account_id
    group by a.side, a.currency, l.doc_date, l.due_date, l.is_measured
  ) i
  cross join lateral (
    values
      (
        i.doc_date,
        case when i.is_measured then i.amount else 0 end,
        i.amount,
        case when i.due_date >= i.doc_date then i.amount else 0 end
      ),
      (i.due_date + 1, 0, 0, case when i.due_date >= i.doc_date then -i.amount else 0 end)
  ) v(day, sales_amount, open_change, current_change)
  union all
  select
    s.side,
    s.currency,
    s.doc_date,
    v.day,
    0,
    v.receipt_amount,
    v.open_change,
    v.current_change
  from (
    select
      a.side,
      a.currency,
      l.doc_date,
      l.due_date,
      c.doc_date as told_on,
      c.value_date is not null as is_money,
      sum(k.amount) as amount
    from calc.allocation k
    left join calc.credit c on c.account_id = k.account_id and c.credit_id = k.credit_id
    left join calc.line l
      on l.account_id = k.account_id
      and l.invoice_id = k.invoice_id
      and l.line_no = k.line_no
    left join ref.account a on a.account_id = k.account_id
    group by a.side, a.currency, l.doc_date, l.due_date, c.doc_date, c.value_date is not null
  ) s
  cross join lateral (
    values
      (s.told_on, case when s.is_money then s.amount else 0 end, 0, 0),
      (
        greatest(s.doc_date, s.told_on),
        0,
        -s.amount,
        case when s.due_date >= greatest(s.doc_date, s.told_on) then -s.amount else 0 end
      ),
      (
        s.due_date + 1,
        0,
        0,
        case when s.due_date >= greatest(s.doc_date, s.told_on) then s.amount else 0 end
      )
  ) v(day, receipt_amount, open_change, current_change)
) e
group by date_trunc('month', e.doc_date::timestamp)::date, e.side, e.currency, e.day;

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
