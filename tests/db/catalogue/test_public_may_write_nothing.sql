-- Who has no role of the book has no right in it: no schema, no table, no sequence.
begin;

select plan(2);

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
    cross join lateral aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) as a
    where pg_temp.ours(n.oid::regnamespace)
      and a.grantee = 0
  $$,
  'public does not get into a schema, so nor to the functions in it'
);
select is_empty(
  $$
    select c.oid::regclass, a.privilege_type
    from pg_class as c
    cross join lateral aclexplode(c.relacl) as a
    where pg_temp.ours(c.relnamespace)
      and a.grantee = 0
  $$,
  'no table, view or sequence was given to public'
);

select * from finish();

rollback;
