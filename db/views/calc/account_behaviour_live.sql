create or replace view calc.account_behaviour_live as
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
group by s.account_id;

comment on view calc.account_behaviour_live is
  'calc.account_behaviour of the accounts that ever settled anything, computed now: ask for one at a time. Key: account_id.';
comment on column calc.account_behaviour_live.days is
  'Days on which an invoice was settled or something written off, in order.';
comment on column calc.account_behaviour_live.sums is
  'What was settled up to the end of each of the days.';
