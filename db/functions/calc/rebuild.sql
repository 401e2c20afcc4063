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
    -- A restore of tables by their names leaves the sequence behind, and a cheque's next event would
    -- come before its last. Documents can have ids of their clients' making: those don't tell.
    perform setval('doc.document_id_seq', e.last_id)
    from (
      select max(e.cheque_event_id) as last_id
      from doc.cheque_event e
    ) e
    join doc.document_id_seq s on s.last_value < e.last_id;
    -- Before the marks, which read the views.
    perform calc.populate();
    perform calc.mark_all();

    -- What is kept of accounts that went past the engine.
    delete from calc.allocation k
    where not exists (select from ref.account a where a.account_id = k.account_id);
    delete from calc.credit k
    where not exists (select from ref.account a where a.account_id = k.account_id);
    delete from calc.line k
    where not exists (select from ref.account a where a.account_id = k.account_id);
    delete from calc.account k
    where not exists (select from ref.account a where a.account_id = k.account_id);
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
  if p_account_id is not null and v_count = 0 then
    perform ref.refuse('RS203', format('account %s does not exist', p_account_id));
  end if;
  return v_count;
end
$$;

comment on function calc.rebuild(bigint) is
  'Computes one account, or the whole book (null), again from the documents and writes what differs. Gives the number of accounts. For use after a data-only restore; otherwise nothing differs. Of the whole book it shuts the doors round the triggers too (doc.shut_doors), and brings the sequence of ids after the events of cheques.';
