-- docs/bi.md is made of comments: there are no gaps.
begin;

select plan(3);

select is_empty(
  $$
    select c.oid::regclass, a.attname
    from pg_class as c
    join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0
    where c.relnamespace in ('bi'::regnamespace, 'mobile'::regnamespace)
      and c.relkind in ('v', 'm')
      and col_description(c.oid, a.attnum) is null
  $$,
  'every column has its comment'
);
select is_empty(
  $$
    select c.oid::regclass
    from pg_class as c
    where c.relnamespace in ('bi'::regnamespace, 'mobile'::regnamespace)
      and c.relkind in ('v', 'm')
      and coalesce(obj_description(c.oid, 'pg_class'), '') !~ ' Key: [a-z]'
  $$,
  'every view says its key'
);
select is_empty(
  $$
    select p.oid::regprocedure
    from pg_proc as p
    where p.pronamespace in ('bi'::regnamespace, 'mobile'::regnamespace)
      and obj_description(p.oid, 'pg_proc') is null
  $$,
  'every function says what it gives'
);

select * from finish();

rollback;
