-- Nobody may do anything by being nobody.

do $$
declare
  v_schema text;
  v_type text;
begin
  for v_schema in
    select n.nspname
    from pg_catalog.pg_namespace as n
    where n.nspname in ('rasid', 'ref', 'doc', 'inbox', 'calc', 'bi', 'mobile', 'audit', 'desk')
  loop
    execute format('revoke all on schema %I from public', v_schema);
    execute format('revoke all on all tables in schema %I from public', v_schema);
    execute format('revoke all on all sequences in schema %I from public', v_schema);
    execute format('revoke all on all routines in schema %I from public', v_schema);
  end loop;

  for v_type in
    select format('%I.%I', n.nspname, t.typname)
    from pg_catalog.pg_type as t
    join pg_catalog.pg_namespace as n on n.oid = t.typnamespace
    left join pg_catalog.pg_class as c on c.oid = t.typrelid
    where n.nspname in ('rasid', 'ref', 'doc', 'inbox', 'calc', 'bi', 'mobile', 'audit', 'desk')
      and t.typelem = 0
      and (t.typacl is null or t.typacl::text ~ '[{,]=')
  loop
    execute format('revoke all on type %s from public', v_type);
  end loop;
end
$$;
