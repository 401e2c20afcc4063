-- What each kind of document counts for (docs/figures.md).
-- One function a kind, so that a change of a payment reads doc.payment alone.

create or replace function calc.feed_payment(p_as_of date)
returns setof calc.credit
language sql
stable
parallel safe
as $$
  select
    p.account_id,
    p.payment_id,
    'payment'::text,
    p.doc_date::date,
    p.doc_date::date,
    coalesce(p.value_date, p.doc_date)::date,
    p.auto_allocate,
    true,
    false,
    null::bigint,
    p.amount::numeric,
    p.amount::numeric,
    true
  from doc.payment p
  where p.status = 'approved'
    and p.doc_date::timestamp <= p_as_of
$$;

comment on function calc.feed_payment(date) is
  'Counted payments dated to the end of a day (infinity: all).';

create or replace function calc.cheque_value_date(
  p_doc_date date,
  p_due_date date,
  p_cleared_on date,
  p_grace_days int
)
returns date
language sql
immutable
parallel safe
as $$
  select case
    when p_cleared_on < greatest(p_due_date, p_doc_date)
      or p_cleared_on > greatest(p_due_date, p_doc_date) + p_grace_days
      then p_cleared_on
    else greatest(p_due_date, p_doc_date)
  end
$$;

comment on function calc.cheque_value_date(date, date, date, int) is
  'Value date of a cheque: the later of due and hand-over, but the day it cleared when that is before it or more than the grace after it.';

create or replace function calc.cheque_counts(p_kind text, p_status text)
returns boolean
language sql
immutable
parallel safe
as $$
  select p_kind = 'payment' and p_status in ('in_hand', 'deposited', 'endorsed', 'cleared')
$$;

comment on function calc.cheque_counts(text, text) is
  'Whether a cheque of this kind counts in this state.';

create or replace function calc.feed_cheque(p_as_of date)
returns setof calc.credit
language sql
stable
parallel safe
as $$
  select
    q.account_id,
    q.cheque_id,
    'cheque'::text,
    q.doc_date::date,
    q.doc_date::date,
    calc.cheque_value_date(
      q.doc_date,
      q.due_date,
      case when s.cleared_on <= p_as_of then s.cleared_on end,
      a.cheque_grace_days
    ),
    q.auto_allocate,
    s.status = 'cleared',
    false,
    null::bigint,
    greatest(q.amount - p.amount, 0),
    greatest(q.amount - p.amount, 0),
    q.amount > p.amount
  from doc.cheque q
  join ref.account a on a.account_id = q.account_id
  left join lateral (
    select e.to_status, e.cleared_on::date as cleared_on
    from doc.cheque_event e
    where p_as_of < date 'infinity'
      and e.account_id = q.account_id
      and e.cheque_id = q.cheque_id
      and e.event_date <= p_as_of
    order by e.cheque_event_id desc
    limit 1
  ) e on true
  cross join lateral (
    select
      case when p_as_of = date 'infinity' then q.status else e.to_status end as status,
      case when p_as_of = date 'infinity' then q.cleared_on::date else e.cleared_on end
        as cleared_on
  ) s
  cross join lateral (
    select coalesce(sum(p.amount), 0) as amount
    from doc.payment p
    where p.account_id = q.account_id
      and p.cheque_id = q.cheque_id
      and p.status = 'approved'
      and p.doc_date::timestamp <= p_as_of
  ) p
  where calc.cheque_counts(q.kind, s.status)
    and q.doc_date::timestamp <= p_as_of
$$;

comment on function calc.feed_cheque(date) is
  'Counted cheques dated to the end of a day (infinity: all), in the state last entered for then, at their amount less the approved parts that the bank paid.';

create or replace function calc.feed_set_off(p_as_of date)
returns setof calc.credit
language sql
stable
parallel safe
as $$
  select
    s.account_id,
    s.set_off_id,
    'set_off'::text,
    s.doc_date::date,
    s.doc_date::date,
    s.doc_date::date,
    true,
    true,
    false,
    null::bigint,
    s.amount::numeric,
    s.amount::numeric,
    true
  from doc.set_off s
  where s.status = 'active'
    and s.doc_date::timestamp <= p_as_of
$$;

comment on function calc.feed_set_off(date) is
  'Counted set-off legs dated to the end of a day (infinity: all).';

create or replace function calc.feed_credit_note(p_as_of date)
returns setof calc.credit
language sql
stable
parallel safe
as $$
  select
    n.account_id,
    n.credit_note_id,
    'credit_note'::text,
    n.doc_date::date,
    greatest(n.doc_date, i.doc_date)::date,
    null::date,
    true,
    null::boolean,
    false,
    i.invoice_id,
    n.amount::numeric,
    n.amount::numeric,
    true
  from doc.credit_note n
  left join doc.invoice i
    on i.account_id = n.account_id
    and i.invoice_id = n.invoice_id
    and i.status = 'active'
    and i.doc_date::timestamp <= p_as_of
    and n.kind = 'return'
  where n.status = 'active'
    and n.doc_date::timestamp <= p_as_of
$$;

comment on function calc.feed_credit_note(date) is
  'Counted credit notes dated to the end of a day (infinity: all); a return with the counted invoice it names.';

create or replace function calc.feed_adjustment(p_as_of date)
returns setof calc.credit
language sql
stable
parallel safe
as $$
  select
    d.account_id,
    d.adjustment_id,
    'adjustment'::text,
    d.doc_date::date,
    d.doc_date::date,
    null::date,
    true,
    null::boolean,
    d.kind = 'write_off',
    null::bigint,
    d.amount::numeric,
    d.amount::numeric,
    true
  from doc.adjustment d
  where d.status = 'active'
    and d.doc_date::timestamp <= p_as_of
$$;

comment on function calc.feed_adjustment(date) is
  'Counted adjustments dated to the end of a day (infinity: all).';

create or replace function calc.feed_credit(p_as_of date)
returns setof calc.credit
language sql
stable
parallel safe
as $$
  select f.* from calc.feed_payment(p_as_of) f
  union all
  select f.* from calc.feed_cheque(p_as_of) f
  union all
  select f.* from calc.feed_set_off(p_as_of) f
  union all
  select f.* from calc.feed_credit_note(p_as_of) f
  union all
  select f.* from calc.feed_adjustment(p_as_of) f
$$;

comment on function calc.feed_credit(date) is
  'All counted credits dated to the end of a day (infinity: all), as the documents say, nothing allocated yet.';
