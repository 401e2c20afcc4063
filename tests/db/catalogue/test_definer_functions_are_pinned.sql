-- A function with the rights of its owner, and whatever keeps a rule, looks up names in pg_catalog and
-- pg_temp only: a writer with a schema of its own could put another operator before theirs.
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
    select p.oid::regprocedure, p.proconfig
    from pg_proc as p
    where pg_temp.ours(p.pronamespace)
      and (p.prosecdef or p.prorettype = 'trigger'::regtype)
      and not coalesce('search_path=pg_catalog, pg_temp' = any (p.proconfig), false)
  $$,
  'all of them'
);
select is_empty(
  $$
    select p.oid::regprocedure
    from pg_proc as p
    where p.proname in ('invoice_as_of', 'account_as_of', 'aging_as_of')
      and p.pronamespace = 'bi'::regnamespace
      and (
        p.prosecdef or p.proconfig is not null or p.provolatile <> 's'
        or p.prolang <> (select l.oid from pg_language as l where l.lanname = 'sql')
      )
  $$,
  'but bi.*_as_of are inlined: plain stable SQL, neither definer nor pinned'
);

select * from finish();

rollback;
