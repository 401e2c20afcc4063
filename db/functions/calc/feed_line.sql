create or replace function calc.feed_invoice(p_as_of date)
returns table (
  line calc.line,
  due_date date,
  payment_term_id bigint,
  policy text,
  currency text,
  is_split boolean
)
language sql
stable
parallel safe
as $$
  select
    row(
      a.account_id,
      i.invoice_id,
      0,
      i.doc_date,
      coalesce(i.due_date, i.doc_date),
      case a.policy when 'fifo_due' then coalesce(i.due_date, i.doc_date) else i.doc_date end,
      i.auto_allocate,
      i.kind not in ('opening', 'refund'),
      i.amount,
      i.amount,
      0,
      0,
      0,
      0,
      0,
      null,
      true
    )::calc.line,
    i.due_date::date,
    i.payment_term_id,
    a.policy,
    a.currency,
    h.has_installments or (i.due_date is null and i.payment_term_id is not null)
  from ref.account a
  -- Most accounts have no installments at all, and are asked once.
  cross join lateral (
    select exists (
      select
      from doc.installment n
      where n.account_id = a.account_id
    ) as has_installments
    offset 0
  ) h
  join doc.invoice i on i.account_id = a.account_id
  where i.status = 'active'
    and i.doc_date::timestamp <= p_as_of
$$;

comment on function calc.feed_invoice(date) is
  'Counted invoices dated to the end of a day (infinity: all), each as the one line that it is unless it may be split: by its installments or its payment term.';

create or replace function calc.feed_line(p_as_of date)
returns setof calc.line
language sql
stable
parallel safe
as $$
  select
    (i.line).account_id,
    (i.line).invoice_id,
    coalesce(l.line_no, 0),
    (i.line).doc_date,
    coalesce(l.due_date, (i.line).due_date),
    case i.policy
      when 'fifo_due' then coalesce(l.due_date, (i.line).due_date)
      else (i.line).doc_date
    end,
    (i.line).is_auto,
    (i.line).is_measured,
    coalesce(l.amount, (i.line).amount),
    coalesce(l.amount, (i.line).amount),
    (i.line).credited_amount,
    (i.line).written_off_amount,
    (i.line).paid_amount,
    (i.line).cleared_amount,
    (i.line).value_money_days,
    (i.line).last_effective_date,
    (i.line).is_open
  from calc.feed_invoice(p_as_of) i
  -- Its installments if they add up, else the shares of its term if it says no day; else it stays one
  -- line. Stands apart (offset 0 keeps it so): where nothing can split it, nothing of it is looked at.
  left join lateral (
    select l.*
    from (
      select sum(n.amount) = (i.line).amount as is_complete
      from doc.installment n
      where n.account_id = (i.line).account_id
        and n.invoice_id = (i.line).invoice_id
    ) s
    cross join lateral (
      select n.line_no, n.due_date::date, n.amount::numeric
      from doc.installment n
      where n.account_id = (i.line).account_id
        and n.invoice_id = (i.line).invoice_id
        and s.is_complete
      union all
      select
        c.line_no,
        (i.line).doc_date + c.days,
        c.upto - lag(c.upto, 1, 0::numeric) over (order by c.line_no)
      from (
        select
          row_number() over w::int as line_no,
          t.days,
          case
            when lead(t.line_no) over w is null then (i.line).amount
            else least(
              (i.line).amount,
              -- Times 0.01 and not over 100, which would round for the first time.
              round((i.line).amount * sum(t.percent) over w * 0.01 / u.unit) * u.unit
            )
          end as upto
        from ref.payment_term_line t
        join ref.currency u on u.code = i.currency
        where t.payment_term_id = i.payment_term_id
          and s.is_complete is not true
          and i.due_date is null
        window w as (order by t.line_no)
      ) c
    ) l
    where i.is_split
    offset 0
  ) l on true
  where coalesce(l.amount, (i.line).amount) > 0
$$;

comment on function calc.feed_line(date) is
  'Lines of the counted invoices dated to the end of a day (infinity: all), as the documents say, nothing allocated yet (docs/figures.md).';
