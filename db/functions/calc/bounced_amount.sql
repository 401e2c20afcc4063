-- Few accounts have a bounced cheque. A call of this costs the plan of bi.account nothing until one has.

create or replace function calc.bounced_amount(
  p_account_id bigint,
  p_cheque_id bigint,
  p_amount numeric
)
returns numeric
language plpgsql
stable
parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  return greatest(
    p_amount - coalesce(
      (
        select sum(p.amount)
        from doc.payment p
        where p.account_id = p_account_id
          and p.cheque_id = p_cheque_id
          and p.status = 'approved'
      ),
      0
    ),
    0
  );
end
$$;

comment on function calc.bounced_amount(bigint, bigint, numeric) is
  'What a bounced cheque of so much leaves unpaid: less the approved parts that the bank paid of it, not below 0.';
