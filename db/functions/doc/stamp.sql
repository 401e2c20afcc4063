create or replace function doc.stamp()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  new.created_at := old.created_at;
  new.created_by := old.created_by;
  new.updated_at := now();
  new.updated_by := coalesce(nullif(current_setting('rasid.user', true), ''), session_user);
  return new;
end
$$;

comment on function doc.stamp() is
  'Keeps created_… and sets updated_… of a changed row, whatever the client says.';

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
      'create or replace trigger t10_stamp before update on %s
       for each row execute function doc.stamp()',
      v_table
    );
  end loop;
end
$$;
