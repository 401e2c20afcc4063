create or replace function calc.populate()
returns void
language plpgsql
volatile
as $$
declare
  v_name text;
begin
  if not exists (
    select
    from pg_catalog.pg_class c
    where c.relnamespace = 'calc'::regnamespace
      and c.relkind = 'm'
      and not c.relispopulated
  ) then
    return;
  end if;
  perform pg_advisory_xact_lock('calc.dirty'::regclass::oid::bigint);
  -- In the order in which one is made from the other.
  foreach v_name in array
    '{settled_invoice, settlement_total, account_behaviour, receivable_day}'::text[]
  loop
    execute format('refresh materialized view calc.%I', v_name);
  end loop;
  perform calc.mark_all();
end
$$;

comment on function calc.populate() is
  'After a restore of the schema alone the materialized views can''t be read: fills them and marks every month, for what is committed meanwhile.';
