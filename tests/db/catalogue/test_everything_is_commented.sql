-- The comments are the reference manual: schemas, tables, views, functions, domains.
begin;

select plan(4);

create function pg_temp.ours(p_namespace regnamespace)
returns boolean
language sql
as $$
  select p_namespace::text !~ '^pg_'
    and p_namespace::text not in ('information_schema', 'public', 'tap', 'test')
$$;

select is_empty(
  $$
    select n.nspname
    from pg_namespace as n
    where pg_temp.ours(n.oid::regnamespace) and obj_description(n.oid, 'pg_namespace') is null
  $$,
  'schemas'
);
select is_empty(
  $$
    select c.oid::regclass
    from pg_class as c
    where pg_temp.ours(c.relnamespace) and c.relkind in ('r', 'v', 'm', 'p')
      and obj_description(c.oid, 'pg_class') is null
  $$,
  'tables and views'
);
select is_empty(
  $$
    select p.oid::regprocedure
    from pg_proc as p
    where pg_temp.ours(p.pronamespace) and obj_description(p.oid, 'pg_proc') is null
  $$,
  'functions'
);
select is_empty(
  $$
    select t.oid::regtype
    from pg_type as t
    left join pg_class as c on c.oid = t.typrelid
    where pg_temp.ours(t.typnamespace)
      and (t.typtype in ('d', 'e') or t.typtype = 'c' and c.relkind = 'c')
      and coalesce(
        obj_description(t.oid, 'pg_type'), obj_description(t.typrelid, 'pg_class')
      ) is null
  $$,
  'types'
);

select * from finish();

rollback;
