create or replace function calc.turn(p_day date, p_is_credit boolean, p_id bigint)
returns bigint
language sql
immutable
parallel safe
as $$
  select (((p_day - date '1900-01-01')::bigint * 2 + p_is_credit::int) << 44) | p_id
$$;

comment on function calc.turn(date, boolean, bigint) is
  'The place of a document in stage 2 as one number: (day, invoices before credits, id).';
