-- TRUNCATE would go past the triggers that keep the figures.
begin;

select plan(12);

select test.refused(
  format('truncate doc.%I cascade', c.relname),
  'RS002', 'documents_not_truncated',
  'doc.' || c.relname
)
from pg_class as c
where c.relnamespace = 'doc'::regnamespace and c.relkind = 'r'
order by c.relname;

select test.refused(
  'truncate ref.party cascade', 'RS002', 'documents_not_truncated', 'nor through what they name'
);
select test.refused(
  'truncate ref.account cascade', 'RS002', 'documents_not_truncated', 'nor through their accounts'
);

select bag_eq(
  $$select tgrelid from pg_trigger where tgname = 't00_truncate' and tgenabled = 'A'$$,
  $$
    select oid from pg_class where relnamespace = 'doc'::regnamespace and relkind = 'r'
  $$,
  'each table says so itself'
);

select * from finish();

rollback;
