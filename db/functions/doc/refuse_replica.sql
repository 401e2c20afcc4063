-- A row trigger, because no statement trigger fires for rows that replication brings.
create or replace function doc.refuse_replica()
returns trigger
language plpgsql
as $$
begin
  perform ref.refuse(
    'RS003', format('rows of %I.%I came past its triggers', tg_table_schema, tg_table_name)
  );
  return null;
end
$$;

comment on function doc.refuse_replica() is
  'Refuses (RS003) rows that arrive under session_replication_role = replica or by logical replication.';

do $$
declare
  v_table regclass;
begin
  for v_table in
    select c.oid
    from pg_catalog.pg_class as c
    where c.relkind = 'r'
      and (c.relnamespace = 'doc'::regnamespace or c.oid = 'ref.account'::regclass)
  loop
    execute format(
      'create or replace trigger t00_replica after insert or update or delete on %s
       for each row execute function doc.refuse_replica()',
      v_table
    );
    execute format('alter table %s enable replica trigger t00_replica', v_table);
  end loop;
end
$$;
