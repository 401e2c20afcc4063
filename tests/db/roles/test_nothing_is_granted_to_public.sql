-- Nothing of ours is anybody's by being nobody, everything is the owner's, and what runs with the
-- owner's rights can't be led elsewhere.
begin;

select plan(6);

create temporary view ours as
select n.oid, n.nspname, n.nspacl, n.nspowner
from pg_namespace as n
where n.nspname in ('rasid', 'ref', 'doc', 'inbox', 'calc', 'bi', 'mobile', 'audit', 'desk');

select is_empty(
  $$
    select o.kind, o.name, a.privilege_type
    from (
      select 'schema' as kind, n.nspname::text as name, coalesce(n.nspacl, acldefault('n', n.nspowner)) as acl
      from ours as n
      union all
      select 'relation', c.oid::regclass::text,
        coalesce(c.relacl, acldefault(case c.relkind when 'S' then 's' else 'r' end::"char", c.relowner))
      from pg_class as c join ours as n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p', 'v', 'm', 'S')
      union all
      select 'column', c.oid::regclass || '.' || t.attname, t.attacl
      from pg_attribute as t
      join pg_class as c on c.oid = t.attrelid
      join ours as n on n.oid = c.relnamespace
      where t.attacl is not null
      union all
      select 'routine', p.oid::regprocedure::text, coalesce(p.proacl, acldefault('f', p.proowner))
      from pg_proc as p join ours as n on n.oid = p.pronamespace
      union all
      select 'type', t.oid::regtype::text, coalesce(t.typacl, acldefault('T', t.typowner))
      from pg_type as t join ours as n on n.oid = t.typnamespace
      where t.typelem = 0
    ) as o
    cross join lateral aclexplode(o.acl) as a
    where a.grantee = 0
  $$,
  'nothing is granted to public'
);
select is_empty(
  $$
    select o.kind, o.name, pg_get_userbyid(o.owner)
    from (
      select 'schema' as kind, n.nspname::text as name, n.nspowner as owner from ours as n
      union all
      select 'relation', c.oid::regclass::text, c.relowner
      from pg_class as c join ours as n on n.oid = c.relnamespace
      union all
      select 'routine', p.oid::regprocedure::text, p.proowner
      from pg_proc as p join ours as n on n.oid = p.pronamespace
      union all
      select 'type', t.oid::regtype::text, t.typowner
      from pg_type as t join ours as n on n.oid = t.typnamespace
    ) as o
    where o.owner <> 'rasid_owner'::regrole
  $$,
  'everything belongs to rasid_owner'
);
select is_empty(
  $$
    select p.oid::regprocedure
    from pg_proc as p join ours as n on n.oid = p.pronamespace
    where p.prosecdef
      and not coalesce('search_path=pg_catalog, pg_temp' = any (p.proconfig), false)
  $$,
  'a function with the owner''s rights has its search path pinned'
);
select is_empty(
  $$
    select p.oid::regprocedure
    from pg_proc as p join ours as n on n.oid = p.pronamespace
    where p.prosecdef and p.prosrc ~* '\mexecute\M'
  $$,
  'and puts no statement together from text'
);
select is_empty(
  $$
    select c.oid::regclass
    from pg_class as c join ours as n on n.oid = c.relnamespace
    where c.relrowsecurity
  $$,
  'no table has row security, which COPY FROM refuses'
);
select is_empty(
  $$
    select d.defaclobjtype, a.privilege_type
    from pg_default_acl as d
    cross join lateral aclexplode(d.defaclacl) as a
    where d.defaclrole = 'rasid_owner'::regrole and a.grantee = 0
  $$,
  'nor is what the owner makes from now on given to public'
);

select * from finish();

rollback;
