-- rasid_mobile: the views of mobile, and nothing else.
begin;

select plan(3);

select is_empty(
  $$
    select c.oid::regclass
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    where n.nspname = 'mobile' and c.relkind = 'v'
      and not has_table_privilege('rasid_mobile', c.oid, 'select')
  $$,
  'it may read every view of mobile'
);
select is_empty(
  $$
    select c.oid::regclass, p.privilege
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    cross join unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'trigger'])
      as p (privilege)
    where n.nspname in ('rasid', 'ref', 'doc', 'inbox', 'calc', 'bi', 'mobile', 'audit', 'desk')
      and c.relkind in ('r', 'v', 'm', 'p')
      and (n.nspname, p.privilege) <> ('mobile', 'select')
      and (c.oid, p.privilege) <> ('calc.this_day'::regclass, 'select')
      and (
        has_table_privilege('rasid_mobile', c.oid, p.privilege)
        or p.privilege in ('select', 'insert', 'update')
        and has_any_column_privilege('rasid_mobile', c.oid, p.privilege)
      )
  $$,
  'and nothing else, save what day it is'
);

select test.act_as('mobile');
select is_empty(
  $$
    select s.statement
    from unnest(array[
      'select from bi.account', 'select from doc.invoice', 'select from ref.account',
      'select from ref.party', 'select from calc.line', 'select calc.rebuild()',
      'select * from calc.line_as_of(1, ''2025-01-01'')', 'select inbox.process()',
      'select * from audit.history(''invoice'', 1, 1)', 'set role rasid_bi'
    ]) as s (statement)
    where test.refusal(s.statement) <> '42501'
  $$,
  'not in fact either'
);
select test.act_as(null);

select * from finish();

rollback;
