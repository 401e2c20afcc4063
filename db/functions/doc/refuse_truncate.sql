create or replace function doc.refuse_truncate()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  perform ref.refuse(
    'RS002', format('%I.%I is not truncated', tg_table_schema, tg_table_name)
  );
  return null;
end
$$;

comment on function doc.refuse_truncate() is
  'Refuses TRUNCATE (RS002), which would go past the triggers that keep the figures.';
