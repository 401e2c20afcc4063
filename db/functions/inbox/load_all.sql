create or replace function inbox.load_all(
  p_documents text[], p_batch text, p_is_strict boolean
)
returns jsonb
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  v_document text;
  v_batch text;
  v_batches text[];
  v_count record;
  v_loaded bigint;
  v_unchanged bigint;
  v_rejected bigint;
  v_counts jsonb := '{}';
begin
  foreach v_document in array p_documents loop
    v_loaded := 0;
    v_unchanged := 0;
    v_rejected := 0;
    execute format(
      $sql$
      select array_agg(b.batch order by b.first_id)
      from (
        select r.batch, min(r.inbox_id) as first_id
        from inbox.%I as r
        where $1 is null or r.batch = $1
        group by r.batch
      ) as b
      $sql$,
      v_document
    )
    into v_batches
    using p_batch;

    foreach v_batch in array coalesce(v_batches, '{}') loop
      loop
        select l.loaded, l.unchanged, l.rejected
        into v_count
        from inbox.load(v_document, v_batch, p_is_strict) as l;

        v_loaded := v_loaded + v_count.loaded;
        v_unchanged := v_unchanged + v_count.unchanged;
        -- A cheque may replace one of the same batch.
        exit when v_document <> 'cheque' or v_count.loaded = 0 or v_count.rejected = 0;
      end loop;

      v_rejected := v_rejected + v_count.rejected;
    end loop;

    v_counts := v_counts || jsonb_build_object(
      v_document,
      jsonb_build_object(
        'loaded', v_loaded, 'unchanged', v_unchanged, 'rejected', v_rejected
      )
    );
  end loop;

  return v_counts;
end
$$;

comment on function inbox.load_all(text[], text, boolean) is
  'inbox.load for these tables of the inbox in this order, each of their batches by itself; what it
counted, by document.';
