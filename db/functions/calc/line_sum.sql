create or replace function calc.line_sum(p_account_id bigint)
returns table (
  invoice_id bigint,
  line_no int,
  amount numeric,
  credited numeric,
  written_off numeric,
  paid numeric,
  cleared numeric,
  value_money_days numeric,
  effective_date date
)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  select
    l.invoice_id,
    l.line_no,
    coalesce(sum(a.amount), 0),
    coalesce(sum(a.amount) filter (where c.value_date is null), 0),
    coalesce(sum(a.amount) filter (where c.is_write_off), 0),
    coalesce(sum(a.amount) filter (where c.value_date is not null), 0),
    coalesce(sum(a.amount) filter (where c.is_cleared), 0),
    coalesce(sum(a.amount * (c.value_date - date '2000-01-01')), 0),
    max(greatest(l.doc_date, c.doc_date)) filter (where a.amount is not null)
  from calc.line l
  left join (
    calc.allocation a
    join calc.credit c on c.account_id = a.account_id and c.credit_id = a.credit_id
  )
    on a.account_id = l.account_id
    and a.invoice_id = l.invoice_id
    and a.line_no = l.line_no
  where l.account_id = p_account_id
  group by l.invoice_id, l.line_no
$$;

comment on function calc.line_sum(bigint) is
  'Sums of the kept allocations of each kept line of one account.';
