create or replace function calc.verify_account(p_account_id bigint)
returns table (
  kept_in text,
  is_kept boolean,
  row_kept jsonb
)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  with line as materialized (
    select l from calc.line_as_of(p_account_id, 'infinity') l
  ),
  credit as materialized (
    select c from calc.credit_as_of(p_account_id, 'infinity') c
  ),
  allocation as materialized (
    select row(p_account_id, a.invoice_id, a.credit_id, a.pin_id, a.line_no, a.turn_on, a.reason, a.amount)::calc.allocation as a
    from calc.allocation_as_of(p_account_id, 'infinity') a
  ),
  total as (
    select
      coalesce(sum((l.l).paid_amount), 0) as paid,
      coalesce(
        sum((l.l).value_money_days - (l.l).paid_amount * ((l.l).doc_date - date '2000-01-01')), 0
      ) as settlement,
      coalesce(
        sum((l.l).value_money_days - (l.l).paid_amount * ((l.l).due_date - date '2000-01-01')), 0
      ) as variance
    from line l
    where (l.l).is_measured
  )
  select 'calc.line', true, to_jsonb(d.k)
  from (
    select k from calc.line k where k.account_id = p_account_id
    except
    select l.l from line l
  ) d
  union all
  select 'calc.line', false, to_jsonb(d.l)
  from (
    select l.l from line l
    except
    select k from calc.line k where k.account_id = p_account_id
  ) d
  union all
  select 'calc.credit', true, to_jsonb(d.k)
  from (
    select k from calc.credit k where k.account_id = p_account_id
    except
    select c.c from credit c
  ) d
  union all
  select 'calc.credit', false, to_jsonb(d.c)
  from (
    select c.c from credit c
    except
    select k from calc.credit k where k.account_id = p_account_id
  ) d
  union all
  select 'calc.allocation', true, to_jsonb(d.k)
  from (
    select k from calc.allocation k where k.account_id = p_account_id
    except
    select a.a from allocation a
  ) d
  union all
  select 'calc.allocation', false, to_jsonb(d.a)
  from (
    select a.a from allocation a
    except
    select k from calc.allocation k where k.account_id = p_account_id
  ) d
  union all
  select 'calc.account', k.account_id is not null, to_jsonb(t)
  from total t
  left join calc.account k on k.account_id = p_account_id
  where (k.paid_amount, k.settlement_money_days, k.variance_money_days)
    is distinct from (t.paid, t.settlement, t.variance)
    or k.last_line_turn < (
      select max(calc.turn((l.l).doc_date, false, (l.l).invoice_id)) from line l
    )
    or k.last_credit_turn < (
      select max(calc.turn((c.c).turn_on, true, (c.c).credit_id)) from credit c
    )
$$;

comment on function calc.verify_account(bigint) is
  'calc.verify() of one account.';
