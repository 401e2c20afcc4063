-- One name, one function: whoever calls it by name knows what is called.
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
    select p.pronamespace::regnamespace, p.proname, count(*)
    from pg_proc as p
    where pg_temp.ours(p.pronamespace)
    group by p.pronamespace, p.proname
    having count(*) > 1
  $$,
  'in any schema'
);

select * from finish();

rollback;
