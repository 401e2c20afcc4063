-- After the statement and set-wise: a BEFORE ROW trigger would cost COPY its multi-insert. While no
-- period is closed it is one look-up in an index. Rows are paired by their place, as in
-- audit.record(). Cheques have a function of their own: ref.check_cheque_period_lock().

create or replace function ref.check_period_lock()
returns trigger
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_upto constant date := ref.closed_upto();
  v_free text[];
  v_id text;
  v_closed record;
begin
  if v_upto is null then
    return null;
  end if;
  -- What is free in a closed period, and the stamps.
  v_free := array[
    'note', 'auto_allocate', 'created_at', 'created_by', 'updated_at', 'updated_by'
  ];
  v_id := tg_table_name || '_id';

  if tg_op = 'INSERT' then
    if not exists (select from new_rows as n where n.doc_date <= v_upto) then
      return null;
    end if;
    select n.doc_date, (to_jsonb(n) ->> v_id)::bigint as id
    into v_closed
    from new_rows as n
    where n.doc_date <= v_upto
    limit 1;
  elsif tg_op = 'DELETE' then
    if not exists (select from old_rows as o where o.doc_date <= v_upto) then
      return null;
    end if;
    select o.doc_date, (to_jsonb(o) ->> v_id)::bigint as id
    into v_closed
    from old_rows as o
    where o.doc_date <= v_upto
    limit 1;
  else
    if not exists (select from old_rows as o where o.doc_date <= v_upto)
      and not exists (select from new_rows as n where n.doc_date <= v_upto)
    then
      return null;
    end if;
    select least(o.doc_date, n.doc_date) as doc_date, (o.said ->> v_id)::bigint as id
    into v_closed
    from (
      select row_number() over () as place, r.doc_date, to_jsonb(r) as said from old_rows as r
    ) as o
    full join (
      select row_number() over () as place, r.doc_date, to_jsonb(r) as said from new_rows as r
    ) as n on n.place = o.place
    where least(o.doc_date, n.doc_date) <= v_upto
      and o.said - v_free is distinct from n.said - v_free
    limit 1;
    if not found then
      return null;
    end if;
  end if;

  perform ref.refuse_closed(tg_table_name, v_closed.id, v_closed.doc_date, v_upto);

  -- What is changed or deleted is kept with its reason by audit.record(); what is new, here.
  if tg_op = 'INSERT' then
    insert into audit.change (table_name, action, account_id, row_key, row_kept)
    select
      tg_table_schema || '.' || tg_table_name,
      'insert',
      n.account_id,
      to_jsonb(n) ->> v_id,
      jsonb_strip_nulls(to_jsonb(n))
    from new_rows as n
    where n.doc_date <= v_upto;
  end if;

  return null;
end
$$;

comment on function ref.check_period_lock() is
  'After each statement on documents but cheques: refuses (RS403, RS404) to write, change or delete what is dated in a closed period, notes and flags aside. What may be written there is kept in the audit with its reason.';

do $$
declare
  v_table text;
begin
  foreach v_table in array array[
    'doc.invoice', 'doc.payment', 'doc.credit_note', 'doc.adjustment', 'doc.set_off'
  ] loop
    execute format(
      'create or replace trigger t40_period_lock_insert after insert on %s
       referencing new table as new_rows
       for each statement execute function ref.check_period_lock()',
      v_table
    );
    execute format(
      'create or replace trigger t40_period_lock_update after update on %s
       referencing old table as old_rows new table as new_rows
       for each statement execute function ref.check_period_lock()',
      v_table
    );
    execute format(
      'create or replace trigger t40_period_lock_delete after delete on %s
       referencing old table as old_rows
       for each statement execute function ref.check_period_lock()',
      v_table
    );
  end loop;
end
$$;
