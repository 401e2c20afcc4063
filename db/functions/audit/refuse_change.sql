create or replace function audit.refuse_change()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  perform ref.refuse(
    'RS401', format('%I.%I is only added to', tg_table_schema, tg_table_name)
  );
  return null;
end
$$;

comment on function audit.refuse_change() is
  'Refuses (RS401) to change, delete or truncate what is kept, to everyone.';

do $$
declare
  v_table text;
begin
  foreach v_table in array array[
    'audit.change', 'audit.signature', 'audit.month_end', 'audit.month_end_account'
  ] loop
    execute format(
      'create or replace trigger t00_append_only before update or delete or truncate on %s
       for each statement execute function audit.refuse_change()',
      v_table
    );
    execute format('alter table %s enable always trigger t00_append_only', v_table);
  end loop;
end
$$;
