-- What a cheque counts for is asked of calc.feed_cheque() for each day on which that may have
-- changed, so that the balance after any day is the one of bi.account_as_of() for that day.

create or replace function bi.statement(
  p_account_id bigint,
  p_from ref.day default null,
  p_to ref.day default null
)
returns table (
  row_no int,
  day date,
  document_type text,
  document_id bigint,
  kind text,
  doc_no text,
  event text,
  due_date date,
  note text,
  debit_amount numeric,
  credit_amount numeric,
  balance numeric
)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
  with cheque_day as (
    -- The first event is of the day on which it was handed over.
    select q.cheque_id, greatest(q.doc_date, e.event_date)::date as day
    from doc.cheque q
    join doc.cheque_event e on e.account_id = q.account_id and e.cheque_id = q.cheque_id
    where q.account_id = p_account_id and q.kind = 'payment'
    union
    select q.cheque_id, greatest(q.doc_date, p.doc_date)::date
    from doc.payment p
    join doc.cheque q on q.account_id = p.account_id and q.cheque_id = p.cheque_id
    where p.account_id = p_account_id and p.status = 'approved' and q.kind = 'payment'
  ),
  cheque_step as (
    select
      d.cheque_id,
      d.day,
      coalesce(f.amount, 0) as counted,
      lag(coalesce(f.amount, 0), 1, 0::numeric) over w as counted_before,
      coalesce(max(f.amount) over (w rows between unbounded preceding and 1 preceding), 0) = 0
        as is_first,
      s.status,
      lag(s.status) over w as status_before
    from cheque_day d
    left join lateral (
      select f.amount
      from calc.feed_cheque(d.day) f
      where f.account_id = p_account_id and f.credit_id = d.cheque_id
    ) f on true
    left join lateral (
      select e.to_status as status
      from doc.cheque_event e
      where e.account_id = p_account_id
        and e.cheque_id = d.cheque_id
        and e.event_date <= d.day
      order by e.cheque_event_id desc
      limit 1
    ) s on true
    window w as (partition by d.cheque_id order by d.day)
  ),
  movement as (
    select
      i.doc_date::date as day,
      0 as turn,
      'invoice' as document_type,
      i.invoice_id as document_id,
      i.kind,
      i.doc_no,
      null as event,
      i.due_date::date as due_date,
      i.note,
      i.amount::numeric as raised
    from doc.invoice i
    where i.account_id = p_account_id and i.status = 'active'
    union all
    select
      c.doc_date,
      1,
      c.credit_type,
      c.credit_id,
      c.kind,
      c.doc_no,
      null,
      null,
      c.note,
      -c.counted_amount
    from bi.credit c
    where c.account_id = p_account_id and c.credit_type <> 'cheque' and c.is_counted
    union all
    select
      s.day,
      1,
      'cheque',
      q.cheque_id,
      q.kind,
      coalesce(q.serial_no, q.sayad_id),
      case
        when s.is_first then 'received'
        when s.status is distinct from s.status_before then s.status
        else 'part_paid'
      end,
      q.due_date::date,
      q.note,
      s.counted_before - s.counted
    from cheque_step s
    join doc.cheque q on q.account_id = p_account_id and q.cheque_id = s.cheque_id
    where s.counted <> s.counted_before
  ),
  told as (
    select
      m.*,
      sum(m.raised) over (order by m.day, m.turn, m.document_id) as balance
    from movement m
    where m.day <= coalesce(p_to::date, date 'infinity')
  )
  select
    0,
    p_from::date,
    null,
    null,
    null,
    null,
    'opening',
    null,
    null,
    null,
    null,
    (select coalesce(sum(m.raised), 0) from movement m where m.day < p_from)
  from ref.account a
  where a.account_id = p_account_id
  union all
  (
    select
      row_number() over (order by t.day, t.turn, t.document_id)::int,
      t.day,
      t.document_type,
      t.document_id,
      t.kind,
      t.doc_no,
      t.event,
      t.due_date,
      t.note,
      case when (t.raised > 0) = (a.side = 'receivable') then abs(t.raised) end,
      case when (t.raised > 0) <> (a.side = 'receivable') then abs(t.raised) end,
      t.balance
    from told t
    join ref.account a on a.account_id = p_account_id
    where t.day >= coalesce(p_from::date, date '-infinity')
    order by 1
  )
$$;

comment on function bi.statement(bigint, ref.day, ref.day) is
  'Statement of one account between two days: row 0 is the opening balance, then each counted document by day (invoices before credits, then by id) with the balance after it, which after the last row of a day is that of bi.account_as_of(day), and with p_to null (documents dated in the future too) in the end that of bi.account. p_from null: from the beginning. balance: what is owed; debit raises and credit lowers it on a receivable account, the other way round on a payable one. A cheque lowers it on the day it is accepted; on the day it bounces, is returned or void it raises it again, and lowers it once more if it counts again: event is received, part_paid (the bank paid a part: the payment stands beside it) or the new state. No row: no such account. 23514: a day outside the calendar, such as a Jalali one.';
