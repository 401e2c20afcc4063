-- Triggers fire in order of their names: t00 doors, t10 stamps, …, t50 the engine. Those of the
-- engine fire once a statement, and the doors stay shut for replicated rows too.
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
    select t.tgrelid::regclass, t.tgname
    from pg_trigger as t
    join pg_class as c on c.oid = t.tgrelid
    where not t.tgisinternal
      and pg_temp.ours(c.relnamespace)
      and t.tgname !~ '^t[0-9]{2}_[a-z_]+$'
  $$,
  'a number first'
);
select is_empty(
  $$
    select t.tgrelid::regclass, t.tgname
    from pg_trigger as t
    where t.tgname ~ '^t50_allocate' and t.tgtype & 1 <> 0
  $$,
  'the engine fires for statements, not for rows'
);
select is_empty(
  $$
    select c.oid::regclass
    from pg_class as c
    where c.relnamespace = 'doc'::regnamespace and c.relkind = 'r'
      and not exists (
        select
        from pg_trigger as t
        where t.tgrelid = c.oid and t.tgname = 't00_replica' and t.tgenabled = 'R'
      )
  $$,
  'the door for replicated rows'
);
select is_empty(
  $$
    select c.oid::regclass
    from pg_class as c
    where c.relnamespace = 'doc'::regnamespace and c.relkind = 'r'
      and not exists (
        select from pg_trigger as t where t.tgrelid = c.oid and t.tgtype & 32 <> 0
      )
  $$,
  'the door for truncate'
);

select * from finish();

rollback;
