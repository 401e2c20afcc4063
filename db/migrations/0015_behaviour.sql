-- How each account has settled, added up over its days, so that the behaviour and the cash forecast
-- of the whole book need not read every line there is.

create type calc.behaviour_sum as (
  settled_count bigint,
  early_amount numeric,
  on_time_amount numeric,
  paid_late_amount numeric,
  written_off_amount numeric,
  variance_money_days numeric,
  late_money_days numeric
);

comment on type calc.behaviour_sum is
  'What an account settled up to the end of a day, from its first day on: invoices, money by timing, written off; variance_money_days of the money, late_money_days of what was written off. What two of them differ by is what happened between their days.';

-- The same text, of accounts that changed since, is calc.account_behaviour_live.
--
-- An account is not told apart by marks: the lock that its writers take turns on counts them. Who
-- reads the same count and the same moment in calc.account reads the state that was added up here.
-- Rows of some kilobytes stay whole, as a list of days is read from end to end.
create materialized view calc.account_behaviour
with (toast_tuple_target = 8160)
as
select
  k.account_id,
  k.change_count,
  k.changed_at,
  a.tolerance_days,
  d.days,
  d.sums
from calc.account k
join ref.account a on a.account_id = k.account_id
left join (
  select
    s.account_id,
    array_agg(s.day order by s.day) as days,
    array_agg(s.sums order by s.day) as sums
  from (
    select
      e.account_id,
      e.day,
      row(
        sum(sum(e.settled_count)) over w,
        sum(sum(e.early_amount)) over w,
        sum(sum(e.on_time_amount)) over w,
        sum(sum(e.paid_late_amount)) over w,
        sum(sum(e.written_off_amount)) over w,
        sum(sum(e.variance_money_days)) over w,
        sum(sum(e.late_money_days)) over w
      )::calc.behaviour_sum as sums
    from (
      -- A settled invoice, by how it was paid.
      select
        i.account_id,
        i.settled_on as day,
        1 as settled_count,
        case
          when i.variance_money_days < -a.tolerance_days * i.paid_amount then i.paid_amount
          else 0
        end as early_amount,
        case
          when abs(i.variance_money_days) <= a.tolerance_days * i.paid_amount then i.paid_amount
          else 0
        end as on_time_amount,
        case
          when i.variance_money_days > a.tolerance_days * i.paid_amount then i.paid_amount
          else 0
        end as paid_late_amount,
        0 as written_off_amount,
        i.variance_money_days,
        0 as late_money_days
      from (
        select
          l.account_id,
          sum(l.paid_amount) as paid_amount,
          sum(l.value_money_days - l.paid_amount * (l.due_date - date '2000-01-01'))
            as variance_money_days,
          max(l.last_effective_date) as settled_on
        from calc.line l
        where l.is_measured
        group by l.account_id, l.invoice_id
        having bool_and(not l.is_open)
          and sum(l.paid_amount + l.written_off_amount) > 0
      ) i
      join ref.account a on a.account_id = i.account_id
      union all
      -- Written off: as if it had been paid that day, and never early.
      select
        k.account_id,
        greatest(l.doc_date, c.doc_date),
        0,
        0,
        0,
        0,
        k.amount,
        0,
        k.amount * greatest(0, greatest(l.doc_date, c.doc_date) - l.due_date)
      from calc.credit c
      join calc.allocation k on k.account_id = c.account_id and k.credit_id = c.credit_id
      join calc.line l
        on l.account_id = k.account_id
        and l.invoice_id = k.invoice_id
        and l.line_no = k.line_no
      where c.is_write_off
        and l.is_measured
    ) e
    group by e.account_id, e.day
    window w as (partition by e.account_id order by e.day)
  ) s
  group by s.account_id
) d on d.account_id = k.account_id;

create unique index account_behaviour_key on calc.account_behaviour (account_id);
comment on materialized view calc.account_behaviour is
  'How each account has settled, by day, as it was at the last refresh. Read it by way of calc.account_behaviour_now. Key: account_id.';
comment on column calc.account_behaviour.change_count is
  'Of calc.account when it was added up; while both are the same there, the row is right.';
comment on column calc.account_behaviour.changed_at is
  'Of calc.account likewise: a count can come again, after a restore, the moment can''t.';
comment on column calc.account_behaviour.tolerance_days is
  'Of ref.account, by which the money is early, on time or late; when it is another there, the row is not right.';
comment on column calc.account_behaviour.days is
  'Days on which an invoice was settled or something written off, in order; null: none.';
comment on column calc.account_behaviour.sums is 'What was settled up to the end of each of the days.';
comment on index calc.account_behaviour_key is
  'An account stands twice in calc.account_behaviour. | Run calc.refresh() again.';

-- Receipts are listed by their days, the latest first: cheques too.
create index cheque_doc_date_idx on doc.cheque (doc_date);

-- Cheques passed on move no money of ours: the forecast looks for their other half.
create index cheque_endorsed_idx on doc.cheque (sayad_id)
where status = 'endorsed';
