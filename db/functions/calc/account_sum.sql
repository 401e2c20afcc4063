create or replace function calc.account_sum(p_account_id bigint)
returns table (
  has_told boolean,
  last_line_turn bigint,
  last_credit_turn bigint,
  paid numeric,
  settlement numeric,
  variance numeric
)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  select
    exists (select from calc.feed_told('infinity') t where t.account_id = p_account_id)
      or exists (
        select
        from doc.credit_note n
        where n.account_id = p_account_id
          and n.invoice_id is not null
      ),
    coalesce(max(calc.turn(l.doc_date, false, l.invoice_id)), 0),
    (
      select coalesce(max(calc.turn(c.turn_on, true, c.credit_id)), 0)
      from calc.credit c
      where c.account_id = p_account_id
    ),
    coalesce(sum(l.paid_amount), 0),
    coalesce(
      sum(l.value_money_days - l.paid_amount * (l.doc_date - date '2000-01-01')), 0
    ),
    coalesce(
      sum(l.value_money_days - l.paid_amount * (l.due_date - date '2000-01-01')), 0
    )
  from (
    select l.invoice_id, l.doc_date, l.due_date,
      case when l.is_measured then l.paid_amount else 0 end as paid_amount,
      case when l.is_measured then l.value_money_days else 0 end as value_money_days
    from calc.line l
    where l.account_id = p_account_id
  ) l
$$;

comment on function calc.account_sum(bigint) is
  'What calc.account keeps of one account, counted from its kept lines and credits.';
