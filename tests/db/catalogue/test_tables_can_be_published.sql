-- A book can be the source of logical replication, whichever of its tables are published: a delete
-- from a published table needs a key or a replica identity.
begin;

select plan(1);

select is_empty(
  $$
    select c.oid::regclass
    from pg_class as c
    where c.relnamespace::regnamespace::text = any (
        array['rasid', 'ref', 'doc', 'inbox', 'calc', 'audit', 'desk']
      )
      and c.relkind = 'r'
      and c.relreplident <> 'f'
      and not exists (select from pg_index as i where i.indrelid = c.oid and i.indisprimary)
  $$,
  'every table has what a delete is told by'
);

select * from finish();

rollback;
