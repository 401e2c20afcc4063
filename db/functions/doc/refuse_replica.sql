-- A row trigger, because no statement trigger fires for rows that replication brings.
create or replace function doc.refuse_replica()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
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
