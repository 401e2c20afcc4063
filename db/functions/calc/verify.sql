create or replace function calc.verify(p_account_id bigint default null)
returns table (
  account_id bigint,
  kept_in text,
  is_kept boolean,
  row_kept jsonb
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  return query
  select d.account_id, d.kept_in, d.is_kept, d.row_kept
  from calc.chunk(p_account_id) c
  cross join lateral calc.verify_accounts(c.account_ids) d;

  -- What is kept of no account.
  return query
  select k.account_id, k.kept_in, true, k.row_kept
  from (
    select k.account_id, 'calc.account' as kept_in, to_jsonb(k) as row_kept from calc.account k
    union all
    select k.account_id, 'calc.line', to_jsonb(k) from calc.line k
    union all
    select k.account_id, 'calc.credit', to_jsonb(k) from calc.credit k
    union all
    select k.account_id, 'calc.allocation', to_jsonb(k) from calc.allocation k
  ) k
  where not exists (
    select
    from ref.account a
    where a.account_id = k.account_id
  )
    and (p_account_id is null or k.account_id = p_account_id);

  if not found and p_account_id is not null and not exists (
    select
    from ref.account a
    where a.account_id = p_account_id
  ) then
    perform ref.refuse('RS203', format('account %s does not exist', p_account_id));
  end if;
end
$$;

comment on function calc.verify(bigint) is
  'Proof that the figures follow from the documents: computes one account, or the whole book (null), from nothing and returns the rows in which the kept state differs (none). is_kept: the row is kept but not computed; else computed but not kept. RS203: the account does not exist and nothing is kept of it.';
