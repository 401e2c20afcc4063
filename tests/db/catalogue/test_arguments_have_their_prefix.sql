-- Arguments are named p_…, so that they are never taken for a column.
begin;

select plan(1);

create function pg_temp.ours(p_namespace regnamespace)
returns boolean
language sql
as $$
  select p_namespace::text !~ '^pg_'
    and p_namespace::text not in ('information_schema', 'public', 'tap', 'test')
$$;

select is_empty(
  $$
    select p.oid::regprocedure, a.name
    from pg_proc as p
    cross join lateral unnest(p.proargnames, p.proargmodes) as a (name, mode)
    where pg_temp.ours(p.pronamespace)
      and coalesce(a.mode, 'i') in ('i', 'b', 'v')
      and a.name !~ '^p_'
  $$,
  'of every function'
);

select * from finish();

rollback;
