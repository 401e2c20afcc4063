create or replace function calc.feed_pin()
returns setof calc.told
language sql
stable
parallel safe
as $$
  select
    p.account_id,
    1,
    null::date,
    p.pin_id,
    'payment'::text,
    p.payment_id,
    p.invoice_id,
    p.pin_id,
    p.amount::numeric
  from doc.pin p
  where p.payment_id is not null
  union all
  select
    p.account_id,
    1,
    null::date,
    p.pin_id,
    'cheque'::text,
    p.cheque_id,
    p.invoice_id,
    p.pin_id,
    p.amount::numeric
  from doc.pin p
  where p.cheque_id is not null
  union all
  select
    p.account_id,
    1,
    null::date,
    p.pin_id,
    'set_off'::text,
    p.set_off_id,
    p.invoice_id,
    p.pin_id,
    p.amount::numeric
  from doc.pin p
  where p.set_off_id is not null
$$;

comment on function calc.feed_pin() is
  'The pins as instructions of stage 1. Whether both ends count is for the reader to see. amount null: as much as fits.';

create or replace function calc.feed_told(p_as_of date)
returns setof calc.told
language sql
stable
parallel safe
as $$
  select
    n.account_id,
    0,
    n.doc_date::date,
    n.credit_note_id,
    'credit_note'::text,
    n.credit_note_id,
    n.invoice_id,
    0::bigint,
    null::numeric
  from doc.credit_note n
  where n.kind in ('price', 'other')
    and n.invoice_id is not null
    and n.status = 'active'
    and n.doc_date::timestamp <= p_as_of
  union all
  select
    d.account_id,
    0,
    d.doc_date::date,
    d.adjustment_id,
    'adjustment'::text,
    d.adjustment_id,
    d.invoice_id,
    0::bigint,
    null::numeric
  from doc.adjustment d
  where d.invoice_id is not null
    and d.status = 'active'
    and d.doc_date::timestamp <= p_as_of
  union all
  select p.*
  from calc.feed_pin() p
$$;

comment on function calc.feed_told(date) is
  'The instructions of stage 1 in the order (phase, told_on, told_id): adjustments and price and other notes naming an invoice, then pins. Whether both ends count is for the reader to see. amount null: as much as fits.';
