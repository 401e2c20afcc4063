create or replace function calc.recount(p_account_id bigint)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
  delete from calc.allocation a
  where a.account_id = p_account_id
    and not (
      exists (
        select
        from calc.line l
        where l.account_id = a.account_id
          and l.invoice_id = a.invoice_id
          and l.line_no = a.line_no
      )
      and exists (
        select
        from calc.credit c
        where c.account_id = a.account_id
          and c.credit_id = a.credit_id
      )
    );

  update calc.line l
  set
    open_amount = l.amount - s.amount,
    credited_amount = s.credited,
    written_off_amount = s.written_off,
    paid_amount = s.paid,
    cleared_amount = s.cleared,
    value_money_days = s.value_money_days,
    last_effective_date = s.effective_date
  from calc.line_sum(p_account_id) s
  where l.account_id = p_account_id
    and l.invoice_id = s.invoice_id
    and l.line_no = s.line_no
    and (
      l.open_amount,
      l.credited_amount,
      l.written_off_amount,
      l.paid_amount,
      l.cleared_amount,
      l.value_money_days,
      l.last_effective_date
    ) is distinct from (
      l.amount - s.amount,
      s.credited,
      s.written_off,
      s.paid,
      s.cleared,
      s.value_money_days,
      s.effective_date
    );

  update calc.credit c
  set unapplied_amount = c.amount - s.amount
  from (
    select c.credit_id, coalesce(sum(a.amount), 0) as amount
    from calc.credit c
    left join calc.allocation a on a.account_id = c.account_id and a.credit_id = c.credit_id
    where c.account_id = p_account_id
    group by c.credit_id
  ) s
  where c.account_id = p_account_id
    and c.credit_id = s.credit_id
    and c.unapplied_amount <> c.amount - s.amount;

  update calc.account a
  set
    has_told = s.has_told,
    last_line_turn = s.last_line_turn,
    last_credit_turn = s.last_credit_turn,
    paid_amount = s.paid,
    settlement_money_days = s.settlement,
    variance_money_days = s.variance
  from calc.account_sum(p_account_id) s
  where a.account_id = p_account_id
    and (
      a.has_told,
      a.last_line_turn,
      a.last_credit_turn,
      a.paid_amount,
      a.settlement_money_days,
      a.variance_money_days
    ) is distinct from (
      s.has_told,
      s.last_line_turn,
      s.last_credit_turn,
      s.paid,
      s.settlement,
      s.variance
    );
end
$$;

comment on function calc.recount(bigint) is
  'Makes the sums kept of one account those of its kept allocations; for calc.rebuild().';
