create or replace function bi.ras_of_invoices(p_account_id bigint, p_invoice_ids bigint[])
returns table (
  invoice_count int,
  amount numeric,
  open_amount numeric,
  debt_ras date,
  debt_age_days numeric,
  due_ras date,
  due_in_days numeric
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_unknown bigint;
begin
  select n.invoice_id
  into v_unknown
  from unnest(p_invoice_ids) n(invoice_id)
  where not exists (
    select
    from calc.line l
    where l.account_id = p_account_id
      and l.invoice_id = n.invoice_id
  )
  limit 1;
  if found then
    perform ref.refuse(
      'RS501',
      format(
        'invoice %s is not an active invoice of account %s',
        coalesce(v_unknown::text, 'null'), coalesce(p_account_id::text, 'null')
      )
    );
  end if;

  return query
  select
    count(distinct l.invoice_id)::int,
    coalesce(sum(l.amount), 0),
    coalesce(sum(l.open_amount), 0),
    calc.ras(nullif(l.open_amount, 0), l.doc_date),
    round(-calc.ras_days(nullif(l.open_amount, 0), l.doc_date, calc.today()), 2),
    calc.ras(nullif(l.open_amount, 0), l.due_date),
    round(calc.ras_days(nullif(l.open_amount, 0), l.due_date, calc.today()), 2)
  from calc.line l
  where l.account_id = p_account_id
    and l.invoice_id = any (p_invoice_ids);
end
$$;

comment on function bi.ras_of_invoices(bigint, bigint[]) is
  'Of the chosen invoices of an account, one row: their amount, what is open of it, its debt_ras (on invoice dates), debt_age_days (today − it), its due_ras (on due dates: the day on which one payment would be exactly on time) and due_in_days (it − today; minus: past). Settled invoices add nothing; all null when nothing is open. An invoice given twice counts once. RS501: not an active invoice of the account.';
