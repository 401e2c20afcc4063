-- Every key of doc and calc begins with account_id, and foreign keys within them carry it.
begin;

select plan(2);

select is_empty(
  $$
    select c.conrelid::regclass, c.conname
    from pg_constraint as c
    join pg_attribute as a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
    where c.connamespace::regnamespace::text in ('doc', 'calc')
      and c.contype in ('p', 'u')
      and a.attname <> 'account_id'
      -- A table without accounts is a list of its own: months that were closed, marks.
      and exists (
        select
        from pg_attribute as o
        where o.attrelid = c.conrelid and o.attname = 'account_id' and not o.attisdropped
      )
  $$,
  'primary and unique keys'
);
select is_empty(
  $$
    select c.conrelid::regclass, c.conname
    from pg_constraint as c
    join pg_attribute as a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
    join pg_class as t on t.oid = c.confrelid
    where c.connamespace = 'doc'::regnamespace
      and t.relnamespace = 'doc'::regnamespace
      and c.contype = 'f'
      and a.attname <> 'account_id'
  $$,
  'foreign keys between documents'
);

select * from finish();

rollback;
