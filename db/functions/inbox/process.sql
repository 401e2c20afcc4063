create or replace function inbox.process(p_batch text default null)
returns table (document text, loaded bigint, unchanged bigint, rejected bigint)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  -- Each names only what comes before it.
  v_documents constant text[] := array[
    'party', 'account', 'invoice', 'installment', 'cheque', 'payment', 'credit_note', 'adjustment',
    'set_off', 'pin'
  ];
  v_is_strict boolean;
  v_counts jsonb;
begin
  -- In a statement of its own: what follows sees all that the one before has done.
  perform pg_advisory_xact_lock(hashtext('inbox.process'), 0);

  -- An invoice and its installments, or two legs, change together, so what must hold at commit is
  -- asked at the end. Only if it does not hold then, all of it is done again, asking at each step.
  foreach v_is_strict in array array[false, true] loop
    begin
      v_counts := inbox.load_all(v_documents, p_batch, v_is_strict);
      set constraints all immediate;
      set constraints all deferred;
      exit;
    exception when others then
      if v_is_strict or not inbox.is_row_fault(sqlstate) then
        raise;
      end if;
    end;
  end loop;

  return query
  select d.document, c.loaded, c.unchanged, c.rejected
  from unnest(v_documents) with ordinality as d (document, n)
  cross join jsonb_to_record(v_counts -> d.document)
    as c (loaded bigint, unchanged bigint, rejected bigint)
  where c.loaded + c.unchanged + c.rejected > 0
  order by d.n;
end
$$;

comment on function inbox.process(text) is
  'Turns the good rows of the inbox (of one batch; null: of all) into documents and takes them out;
leaves each other row where it is, with its reason, and tries it again next time. A row per kind of
document: loaded (made or changed), unchanged (known already), rejected. A row that is known changes
its document where it says something else; an empty value says nothing. Calls wait for each other.';
