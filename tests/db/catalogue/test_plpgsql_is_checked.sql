-- plpgsql_check finds no error in any function, where the server has that extension (on Debian the
-- package postgresql-NN-plpgsql-check).
begin;

select plan(1);

create function pg_temp.ours(p_namespace regnamespace)
returns boolean
language sql
as $$
  select p_namespace::text !~ '^pg_'
    and p_namespace::text not in ('information_schema', 'public', 'tap', 'test')
$$;

create function pg_temp.checked()
returns setof text
language plpgsql
as $$
begin
  if not exists (select from pg_available_extensions where name = 'plpgsql_check') then
    return next skip('this server does not have the extension plpgsql_check', 1);
    return;
  end if;
  create extension if not exists plpgsql_check schema tap;
  return next is_empty(
    $query$
      select f.function_name, f.relation_name, c.message
      from (
        select
          p.oid,
          p.oid::regprocedure::text as function_name,
          coalesce(t.tgrelid, 0)::regclass::text as relation_name,
          coalesce(t.tgrelid, 0) as relation_oid,
          -- one function may serve several events of a table: it sees what any of them gives it
          max(t.tgoldtable::text) as old_table,
          max(t.tgnewtable::text) as new_table
        from pg_proc as p
        left join pg_trigger as t on t.tgfoid = p.oid and not t.tgisinternal
        where p.prolang = (select l.oid from pg_language as l where l.lanname = 'plpgsql')
          and pg_temp.ours(p.pronamespace)
          and (p.prorettype <> 'trigger'::regtype or t.oid is not null)
        group by p.oid, t.tgrelid
      ) as f
      cross join lateral tap.plpgsql_check_function_tb(
        f.oid, f.relation_oid, other_warnings => false, extra_warnings => false,
        performance_warnings => false, oldtable => f.old_table, newtable => f.new_table
      ) as c
      where c.level = 'error'
        -- A temporary table that the function makes itself is not there while it is checked.
        and c.message !~ 'relation "pg_temp[.]'
    $query$,
    'no error in any function'
  );
end
$$;

select * from pg_temp.checked();

select * from finish();

rollback;
