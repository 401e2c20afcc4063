-- In PL/pgSQL for its plans, which are kept: as SQL they would be made anew in each call, and planning
-- costs more than an account of a hundred documents. Nested loops over arrays, of which the planner
-- can't tell the length, would be quadratic; in their order the sums need room for one line, by hashing
-- for all.

create or replace function calc.settle(
  p_line calc.line[],
  p_credit calc.credit[],
  p_allocation calc.allocation[],
  out r_line calc.line[],
  out r_credit calc.credit[]
)
language plpgsql
immutable
set plan_cache_mode = force_generic_plan
set enable_nestloop = off
set enable_hashagg = off
as $$
begin
  r_line := array(
    select
      row(
        l.account_id,
        l.invoice_id,
        l.line_no,
        l.doc_date,
        l.due_date,
        l.rank_on,
        l.is_auto,
        l.is_measured,
        l.amount,
        l.amount - coalesce(s.amount, 0),
        coalesce(s.credited, 0),
        coalesce(s.written_off, 0),
        coalesce(s.paid, 0),
        coalesce(s.cleared, 0),
        coalesce(s.value_money_days, 0),
        case when s.doc_date is not null then greatest(l.doc_date, s.doc_date) end,
        l.amount > coalesce(s.amount, 0)
      )::calc.line
    from unnest(p_line) l
    left join (
      select
        a.account_id,
        a.invoice_id,
        a.line_no,
        sum(a.amount) as amount,
        sum(a.amount) filter (where c.value_date is null) as credited,
        sum(a.amount) filter (where c.is_write_off) as written_off,
        sum(a.amount) filter (where c.value_date is not null) as paid,
        sum(a.amount) filter (where c.is_cleared) as cleared,
        sum(a.amount * (c.value_date - date '2000-01-01')) as value_money_days,
        max(c.doc_date) as doc_date
      from unnest(p_allocation) a
      join unnest(p_credit) c on c.account_id = a.account_id and c.credit_id = a.credit_id
      group by a.account_id, a.invoice_id, a.line_no
    ) s
      on s.account_id = l.account_id
      and s.invoice_id = l.invoice_id
      and s.line_no = l.line_no
  );
  r_credit := array(
    select
      row(
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
        c.amount - coalesce(a.amount, 0),
        c.amount > coalesce(a.amount, 0)
      )::calc.credit
    from unnest(p_credit) c
    left join (
      select a.account_id, a.credit_id, sum(a.amount) as amount
      from unnest(p_allocation) a
      group by a.account_id, a.credit_id
    ) a on a.account_id = c.account_id and a.credit_id = c.credit_id
  );
end
$$;

comment on function calc.settle(calc.line[], calc.credit[], calc.allocation[]) is
  'The lines with the sums of their allocations, and the credits with what these leave of them.';
