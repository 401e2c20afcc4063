create or replace function doc.refuse_truncate()
returns trigger
language plpgsql
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

do $$
declare
  v_table regclass;
begin
  for v_table in
    select c.oid
    from pg_catalog.pg_class as c
    where c.relnamespace = 'doc'::regnamespace and c.relkind = 'r'
  loop
    execute format(
      'create or replace trigger t00_truncate before truncate on %s
       for each statement execute function doc.refuse_truncate()',
      v_table
    );
  end loop;
end
$$;
