-- Rows are paired by their place: the executor puts the old and the new one of a row into the two
-- transition tables at the same moment, so that even a row whose key changed finds itself again.

create or replace function audit.record()
returns trigger
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_table constant text := tg_table_schema || '.' || tg_table_name;
begin
  if tg_op = 'UPDATE' then
    insert into audit.change (
      table_name, action, account_id, row_key, new_account_id, new_row_key, row_kept
    )
    select
      v_table,
      'update',
      (o.said ->> 'account_id')::bigint,
      k.row_key,
      case when k.is_moved then (n.said ->> 'account_id')::bigint end,
      case when k.is_moved then k.new_row_key end,
      jsonb_strip_nulls(o.said)
    from (select row_number() over () as place, to_jsonb(r) as said from old_rows as r) as o
    full join (select row_number() over () as place, to_jsonb(r) as said from new_rows as r) as n
      on n.place = o.place
    cross join lateral (
      select
        concat_ws('/', o.said ->> tg_argv[0], o.said ->> tg_argv[1]) as row_key,
        concat_ws('/', n.said ->> tg_argv[0], n.said ->> tg_argv[1]) as new_row_key,
        (o.said -> 'account_id', o.said -> tg_argv[0], o.said -> tg_argv[1])
          is distinct from (n.said -> 'account_id', n.said -> tg_argv[0], n.said -> tg_argv[1])
          as is_moved
    ) as k
    where o.said - array['updated_at', 'updated_by']
      is distinct from n.said - array['updated_at', 'updated_by']
    order by o.place;
  elsif tg_op = 'DELETE' then
    insert into audit.change (table_name, action, account_id, row_key, row_kept)
    select
      v_table,
      'delete',
      (o.said ->> 'account_id')::bigint,
      concat_ws('/', o.said ->> tg_argv[0], o.said ->> tg_argv[1]),
      jsonb_strip_nulls(o.said)
    from (select to_jsonb(r) as said from old_rows as r) as o;
  else
    insert into audit.change (table_name, action, account_id, row_key, row_kept)
    select
      v_table,
      'insert',
      (n.said ->> 'account_id')::bigint,
      concat_ws('/', n.said ->> tg_argv[0], n.said ->> tg_argv[1]),
      jsonb_strip_nulls(n.said)
    from (select to_jsonb(r) as said from new_rows as r) as n;
  end if;

  return null;
end
$$;

comment on function audit.record() is
  'After each statement on a table of doc or ref: keeps the rows as they were (new ones, where rows have no stamps). A row whose update changed nothing is not kept. Arguments: the columns of the key but account_id.';

do $$
declare
  v_table record;
begin
  for v_table in
    select
      c.oid::regclass as name,
      n.nspname = 'doc' as is_stamped,
      coalesce(
        string_agg(quote_literal(a.attname), ', ' order by k.place)
          filter (where n.nspname = 'ref' or a.attname <> 'account_id'),
        ''
      ) as arguments
    from pg_catalog.pg_class as c
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    join pg_catalog.pg_index as i on i.indrelid = c.oid and i.indisprimary
    cross join lateral unnest(i.indkey::int2[]) with ordinality as k (attnum, place)
    join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attnum = k.attnum
    where n.nspname in ('doc', 'ref') and c.relkind = 'r'
    group by c.oid, n.nspname
  loop
    if not v_table.is_stamped then
      execute format(
        'create or replace trigger t60_audit_insert after insert on %s
         referencing new table as new_rows
         for each statement execute function audit.record(%s)',
        v_table.name, v_table.arguments
      );
    end if;
    execute format(
      'create or replace trigger t60_audit_update after update on %s
       referencing old table as old_rows new table as new_rows
       for each statement execute function audit.record(%s)',
      v_table.name, v_table.arguments
    );
    execute format(
      'create or replace trigger t60_audit_delete after delete on %s
       referencing old table as old_rows
       for each statement execute function audit.record(%s)',
      v_table.name, v_table.arguments
    );
  end loop;
end
$$;
