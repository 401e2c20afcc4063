-- Set-wise, after the statement: a BEFORE ROW trigger would cost COPY its multi-insert.
create or replace function doc.refuse_stamp()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  v_user text := coalesce(nullif(current_setting('rasid.user', true), ''), session_user);
begin
  perform
  from new_rows as n
  where n.created_at <> now()
    or n.updated_at <> n.created_at
    or n.created_by <> v_user
    or n.updated_by <> n.created_by;
  if found then
    perform ref.refuse(
      'RS001',
      format('rows of %I.%I come with stamps of their own', tg_table_schema, tg_table_name)
    );
  end if;

  return null;
end
$$;

comment on function doc.refuse_stamp() is
  'Refuses (RS001) new rows whose created_… and updated_… are not what the database gives.';

do $$
declare
  v_table regclass;
begin
  for v_table in
    select a.attrelid
    from pg_catalog.pg_attribute as a
    join pg_catalog.pg_class as c on c.oid = a.attrelid
    where c.relnamespace = 'doc'::regnamespace and c.relkind = 'r' and a.attname = 'updated_at'
  loop
    execute format(
      'create or replace trigger t10_stamp_insert after insert on %s
       referencing new table as new_rows
       for each statement execute function doc.refuse_stamp()',
      v_table
    );
  end loop;
end
$$;
