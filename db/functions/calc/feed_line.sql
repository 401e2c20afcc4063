create or replace function calc.feed_line(p_as_of date)
returns setof calc.line
language sql
stable
parallel safe
as $$
  select
    a.account_id,
    i.invoice_id,
    coalesce(l.line_no, 0),
    i.doc_date::date,
    coalesce(l.due_date, i.due_date, i.doc_date)::date,
    case a.policy
      when 'fifo_due' then coalesce(l.due_date, i.due_date, i.doc_date)
      else i.doc_date
    end::date,
    i.auto_allocate,
    i.kind not in ('opening', 'refund'),
    coalesce(l.amount, i.amount)::numeric,
    coalesce(l.amount, i.amount)::numeric,
    0::numeric,
    0::numeric,
    0::numeric,
    0::numeric,
    0::numeric,
    null::date,
    true
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
  -- One line as a rule, as the invoice says itself. What else there can be stands apart (offset 0 keeps
  -- it so): then nothing of it is looked at.
  left join lateral (
    select l.*
    from (
      select sum(n.amount) = i.amount as is_complete
      from doc.installment n
      where n.account_id = i.account_id
        and n.invoice_id = i.invoice_id
    ) s
    cross join lateral (
      select n.line_no, n.due_date::date, n.amount::numeric
      from doc.installment n
      where n.account_id = i.account_id
        and n.invoice_id = i.invoice_id
        and s.is_complete
      union all
      select 0, coalesce(i.due_date, i.doc_date)::date, i.amount::numeric
      where s.is_complete is not true
        and (
          i.due_date is not null
          or i.payment_term_id is null
          -- A term may be without lines.
          or not exists (
            select
            from ref.payment_term_line t
            where t.payment_term_id = i.payment_term_id
          )
        )
      union all
      select
        c.line_no,
        i.doc_date + c.days,
        c.upto - lag(c.upto, 1, 0::numeric) over (order by c.line_no)
      from (
        select
          row_number() over w::int as line_no,
          t.days,
          case
            when lead(t.line_no) over w is null then i.amount::numeric
            else least(
              i.amount,
              -- Times 0.01 and not over 100, which would round for the first time.
              round(i.amount * sum(t.percent) over w * 0.01 / u.unit) * u.unit
            )
          end as upto
        from ref.payment_term_line t
        join ref.currency u on u.code = a.currency
        where t.payment_term_id = i.payment_term_id
          and s.is_complete is not true
          and i.due_date is null
        window w as (order by t.line_no)
      ) c
    ) l
    where h.has_installments
      or (i.due_date is null and i.payment_term_id is not null)
    offset 0
  ) l on true
  where i.status = 'active'
    and i.doc_date::timestamp <= p_as_of
    and coalesce(l.amount, i.amount) > 0
$$;

comment on function calc.feed_line(date) is
  'Lines of the counted invoices dated to the end of a day (infinity: all), as the documents say, nothing allocated yet (DESIGN section 4, lines of an invoice).';
