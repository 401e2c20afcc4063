create or replace function calc.rebuild(p_account_id bigint default null)
returns bigint
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  r record;
  v_count bigint := 0;
begin
  if p_account_id is null then
    perform doc.shut_doors();
    -- Before the rows go that tell the months. What was never filled, as after a restore of the schema
    -- alone, can't be read for them: calc.populate() fills and marks it.
    if not exists (
      select
      from pg_catalog.pg_class c
      where c.relnamespace = 'calc'::regnamespace
        and c.relkind = 'm'
        and not c.relispopulated
    ) then
      perform calc.mark_all();
    end if;
  else
    insert into calc.dirty (month)
    select distinct date_trunc('month', d.doc_date::timestamp)::date
    from (
      select k.doc_date
      from calc.line k
      where k.account_id = p_account_id
      union
      select i.doc_date
      from doc.invoice i
      where i.account_id = p_account_id
    ) d;
  end if;

  insert into calc.account (account_id, policy)
  select a.account_id, a.policy
  from ref.account a
  where p_account_id is null or a.account_id = p_account_id
  on conflict (account_id) do nothing;

  for r in
    select c.account_ids
    from calc.chunk(p_account_id) c
  loop
    perform calc.rebuild_accounts(r.account_ids);
    v_count := v_count + cardinality(r.account_ids);
  end loop;
  if p_account_id is null then
    perform calc.populate();
  elsif v_count = 0 then
    perform ref.refuse('RS203', format('account %s does not exist', p_account_id));
  end if;
  return v_count;
end
$$;

comment on function calc.rebuild(bigint) is
  'Computes one account, or the whole book (null), again from the documents and writes what differs. Gives the number of accounts. For use after a data-only restore; otherwise nothing differs. Of the whole book it shuts the doors round the triggers too (doc.shut_doors).';
