create or replace function calc.credit_as_of(p_account_id bigint, p_as_of date)
returns setof calc.credit
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
  select
    c.account_id,
    c.credit_id,
    c.credit_type,
    c.doc_date,
    c.turn_on,
    c.value_date,
    c.is_auto,
    c.is_cleared,
    c.is_write_off,
    c.named_invoice_id,
    c.amount,
    c.amount - coalesce(a.amount, 0)
  from calc.feed_credit(p_as_of) c
  left join (
    select a.credit_id, sum(a.amount) as amount
    from calc.allocation_as_of(p_account_id, p_as_of) a
    group by a.credit_id
  ) a on a.credit_id = c.credit_id
  where c.account_id = p_account_id
$$;

comment on function calc.credit_as_of(bigint, date) is
  'calc.credit of one account computed from its documents dated to the end of a day (infinity: all).';
