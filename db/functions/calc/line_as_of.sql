create or replace function calc.line_as_of(p_account_id bigint, p_as_of date)
returns setof calc.line
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
  select
    l.account_id,
    l.invoice_id,
    l.line_no,
    l.doc_date,
    l.due_date,
    l.rank_on,
    l.is_auto,
    l.is_measured,
    l.amount,
    l.amount - coalesce(sum(a.amount), 0),
    coalesce(sum(a.amount) filter (where c.value_date is null), 0),
    coalesce(sum(a.amount) filter (where c.is_write_off), 0),
    coalesce(sum(a.amount) filter (where c.value_date is not null), 0),
    coalesce(sum(a.amount) filter (where c.is_cleared), 0),
    coalesce(sum(a.amount * (c.value_date - date '2000-01-01')), 0),
    max(greatest(l.doc_date, c.doc_date)) filter (where a.amount is not null)
  from calc.feed_line(p_as_of) l
  left join (
    calc.allocation_as_of(p_account_id, p_as_of) a
    join calc.feed_credit(p_as_of) c on c.account_id = p_account_id and c.credit_id = a.credit_id
  ) on a.invoice_id = l.invoice_id and a.line_no = l.line_no
  where l.account_id = p_account_id
  group by
    l.account_id,
    l.invoice_id,
    l.line_no,
    l.doc_date,
    l.due_date,
    l.rank_on,
    l.is_auto,
    l.is_measured,
    l.amount
$$;

comment on function calc.line_as_of(bigint, date) is
  'calc.line of one account computed from its documents dated to the end of a day (infinity: all).';
