create or replace function inbox.load(p_document text, p_batch text, p_is_strict boolean)
returns table (loaded bigint, unchanged bigint, rejected bigint)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  v_low int[] := '{1}';
  v_high int[];
  v_from int;
  v_to int;
  v_changed bigint[];
  v_state text;
  v_message text;
  v_hint text;
  v_schema text;
  v_table text;
  v_rule text;
begin
  perform inbox.stage(p_document, p_batch);
  perform inbox.judge(p_document);
  select array[coalesce(max(t.turn), 0)] into v_high from pg_temp.inbox_reading as t;
  loaded := 0;

  -- All at once; what the database refuses is halved until the rows it refuses stand alone.
  while cardinality(v_low) > 0 loop
    v_from := v_low[cardinality(v_low)];
    v_to := v_high[cardinality(v_high)];
    v_low := trim_array(v_low, 1);
    v_high := trim_array(v_high, 1);
    continue when v_from > v_to;

    begin
      v_changed := inbox.write(p_document, v_from, v_to);
      if p_is_strict then
        set constraints all immediate;
        set constraints all deferred;
      end if;
      loaded := loaded + cardinality(v_changed);
    exception when others then
      get stacked diagnostics
        v_state = returned_sqlstate,
        v_message = message_text,
        v_hint = pg_exception_hint,
        v_schema = schema_name,
        v_table = table_name,
        v_rule = constraint_name;
      if not inbox.is_row_fault(v_state) then
        raise;
      end if;

      if v_from < v_to then
        v_low := v_low || array[(v_from + v_to) / 2 + 1, v_from];
        v_high := v_high || array[v_to, (v_from + v_to) / 2];
      else
        update pg_temp.inbox_reading as t
        set complaints = array[
          inbox.refusal_complaint(v_state, v_message, v_hint, v_schema, v_table, v_rule)
        ]
        where t.turn = v_from and t.complaints = '{}';
      end if;
    end;
  end loop;

  execute format(
    $sql$
    update inbox.%I as r
    set
      tried_at = now(),
      (reason, reason_code) = (
        select string_agg(c.words, '; ' order by c.n), string_agg(c.code, ', ' order by c.n)
        from unnest(t.complaints) with ordinality as c (code, words, n)
      )
    from pg_temp.inbox_reading as t
    where r.inbox_id = t.inbox_id and t.complaints <> '{}'
    $sql$,
    p_document
  );
  get diagnostics rejected = row_count;

  execute format(
    $sql$
    delete from inbox.%I as r
    using pg_temp.inbox_reading as t
    where r.inbox_id = t.inbox_id and t.complaints = '{}'
    $sql$,
    p_document
  );
  get diagnostics unchanged = row_count;
  unchanged := unchanged - loaded;

  drop table pg_temp.inbox_reading;
  return next;
end
$$;

comment on function inbox.load(text, text, boolean) is
  'One table of the inbox, one batch: writes the good rows, takes them away, gives the others their
reasons. Strict: what holds at commit must hold at once, or the row is refused. A part of
inbox.process, which holds the lock it needs.';
