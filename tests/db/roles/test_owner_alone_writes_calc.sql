-- No one but the owner writes calc: not directly, not by a view, a function, a trigger of their own
-- or set role.
begin;

select plan(11);

create temporary table given as select test.make_account() as a;
create temporary table made as select a, test.make_invoice(a) as invoice_id from given;
grant select on given, made to public;

create function pg_temp.role()
returns setof text
language sql
as $$
  values ('integrator'), ('finance'), ('bi'), ('mobile'), ('auditor')
$$;

select is_empty(
  $$
    select r.name, c.oid::regclass, p.privilege
    from pg_temp.role() as r (name)
    cross join pg_class as c
    cross join unnest(
      array['insert', 'update', 'delete', 'truncate', 'references', 'trigger']
    ) as p (privilege)
    where c.relnamespace = 'calc'::regnamespace and c.relkind in ('r', 'v', 'm')
      and (
        has_table_privilege('rasid_' || r.name, c.oid, p.privilege)
        or p.privilege in ('insert', 'update', 'references')
        and has_any_column_privilege('rasid_' || r.name, c.oid, p.privilege)
      )
  $$,
  'no right on a table of calc but to read it'
);
select is_empty(
  $$
    select r.name, c.oid::regclass
    from pg_temp.role() as r (name)
    cross join pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    where n.nspname in ('bi', 'mobile', 'calc', 'inbox') and c.relkind in ('v', 'm')
      and (
        has_any_column_privilege('rasid_' || r.name, c.oid, 'insert')
        or has_any_column_privilege('rasid_' || r.name, c.oid, 'update')
        or has_table_privilege('rasid_' || r.name, c.oid, 'delete')
      ) and n.nspname <> 'inbox'
  $$,
  'no view through which to write'
);
select is_empty(
  $$
    select r.name, n.nspname
    from pg_temp.role() as r (name)
    cross join pg_namespace as n
    where n.nspname in ('rasid', 'ref', 'doc', 'inbox', 'calc', 'bi', 'mobile', 'audit', 'desk')
      and has_schema_privilege('rasid_' || r.name, n.oid, 'create')
  $$,
  'no schema in which to make anything'
);
select is_empty(
  $$
    select r.name, c.oid::regclass
    from pg_temp.role() as r (name)
    cross join pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    where n.nspname in ('rasid', 'ref', 'doc', 'inbox', 'calc', 'bi', 'mobile', 'audit', 'desk')
      and c.relkind in ('r', 'v')
      and has_table_privilege('rasid_' || r.name, c.oid, 'trigger')
  $$,
  'no table on which to put a trigger'
);
select is_empty(
  $$
    select r.name, p.oid::regprocedure
    from pg_temp.role() as r (name)
    cross join pg_proc as p
    join pg_namespace as n on n.oid = p.pronamespace
    where n.nspname in ('rasid', 'ref', 'doc', 'inbox', 'calc', 'bi', 'mobile', 'audit', 'desk')
      and p.prorettype = 'trigger'::regtype
      and has_function_privilege('rasid_' || r.name, p.oid, 'execute')
  $$,
  'no trigger function to put on a table of their own'
);
select set_eq(
  $$
    select p.oid::regprocedure::text collate "default", r.name
    from pg_temp.role() as r (name)
    cross join pg_proc as p
    join pg_namespace as n on n.oid = p.pronamespace
    where n.nspname in ('rasid', 'ref', 'doc', 'inbox', 'calc', 'audit')
      and p.prosecdef and p.provolatile = 'v'
      and has_function_privilege('rasid_' || r.name, p.oid, 'execute')
  $$,
  $$
    values
      ('ref.close_period(date,text)', 'finance'),
      ('ref.reopen_period(date,text)', 'finance'),
      ('audit.keep_month_end(date)', 'finance')
  $$,
  'of functions that write with the owner''s rights, these alone, to these alone'
);
select is_empty(
  $$
    select r.name, o.rolname
    from pg_temp.role() as r (name)
    cross join pg_roles as o
    where o.rolname like 'rasid\_%' and o.rolname <> 'rasid_' || r.name
      and pg_has_role('rasid_' || r.name, o.oid, 'member')
  $$,
  'they are siblings: none is a member of another, nor of the owner'
);
select is_empty(
  $$
    select r.name from pg_temp.role() as r (name)
    join pg_roles as o on o.rolname = 'rasid_' || r.name
    where o.rolcanlogin or o.rolsuper or o.rolcreaterole or o.rolcreatedb or o.rolbypassrls
      or o.rolreplication
  $$,
  'none logs in, none is special'
);

-- And in fact.
select test.act_as('integrator');
create temporary table mine (account_id bigint);
select test.denied(
  'create trigger t after insert on mine referencing new table as new_rows
   for each statement execute function calc.keep_account()',
  'a trigger of the engine on a table of one''s own'
);
create temporary table paid (account_id bigint, payment_id bigint);
select test.denied(
  'create trigger t after insert on paid referencing new table as new_rows
   for each statement execute function calc.allocate_payment()',
  'nor another'
);
select is_empty(
  $$
    select s.statement
    from unnest(array[
      'insert into calc.account (account_id) values (1)', 'update calc.line set open_amount = 0',
      'delete from calc.allocation', 'truncate calc.credit',
      'update bi.account set open_amount = 0', 'delete from bi.invoice',
      'select calc.bring(a) from made', 'select calc.rebuild(a) from made',
      'select calc.revalue(a, ''{}'') from made',
      'create function calc.mine() returns int language sql return 1',
      'create trigger t after insert on doc.payment execute function audit.describe()',
      'alter table doc.payment disable trigger all', 'set session_replication_role = replica',
      'alter function calc.turn(date, boolean, bigint) owner to rasid_integrator',
      'grant rasid_owner to rasid_integrator', 'set role rasid_owner',
      'alter schema calc owner to rasid_integrator'
    ]) as s (statement)
    where test.refusal(s.statement) not in ('42501', '42883')
  $$,
  'no way that was tried'
);
select test.act_as(null);

select * from finish();

rollback;
