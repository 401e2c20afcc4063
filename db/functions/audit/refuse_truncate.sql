create or replace function audit.refuse_truncate()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  perform ref.refuse(
    'RS402', format('%I.%I is not truncated', tg_table_schema, tg_table_name)
  );
  return null;
end
$$;

comment on function audit.refuse_truncate() is
  'Refuses TRUNCATE on ref (RS402), which would go past the audit.';

do $$
declare
  v_table regclass;
begin
  for v_table in
    select c.oid
    from pg_catalog.pg_class as c
    where c.relnamespace = 'ref'::regnamespace and c.relkind = 'r'
  loop
    execute format(
      'create or replace trigger t60_audit_truncate after truncate on %s
       for each statement execute function audit.refuse_truncate()',
      v_table
    );
    execute format('alter table %s enable always trigger t60_audit_truncate', v_table);
  end loop;
end
$$;
