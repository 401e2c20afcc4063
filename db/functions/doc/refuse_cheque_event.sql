create or replace function doc.refuse_cheque_event()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  perform ref.refuse('RS005', 'events of a cheque are written by the database');
  return null;
end
$$;

-- The depth is 0 for a statement of a client, more for what a trigger or a cascade does.
create or replace trigger t00_by_database before insert or update or delete on doc.cheque_event
for each statement
when (pg_catalog.pg_trigger_depth() = 0)
execute function doc.refuse_cheque_event();

comment on function doc.refuse_cheque_event() is
  'Refuses (RS005) whoever writes events of a cheque directly.';
