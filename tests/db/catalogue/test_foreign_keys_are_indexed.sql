-- The rows that a foreign key comes from are found by an index (for the deletes at its other end).
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
    select c.conrelid::regclass, c.conname
    from pg_constraint as c
    where c.contype = 'f'
      and pg_temp.ours(c.connamespace)
      and not exists (
        select
        from pg_index as i
        where i.indrelid = c.conrelid
          -- whole, or without the rows that have no key
          and (i.indpred is null or pg_get_expr(i.indpred, i.indrelid) ~ '^\(\w+ IS NOT NULL\)$')
          and (i.indkey::smallint[])[0:cardinality(c.conkey) - 1] @> c.conkey
      )
  $$,
  'every foreign key'
);

select * from finish();

rollback;
