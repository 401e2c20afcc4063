-- rasid_auditor: reads every table and view, asks for the proof, writes nothing.
begin;

select plan(6);

create temporary table given as select test.make_account() as a;
create temporary table made as
select a, test.make_invoice(a, 100, '2025-01-01') as invoice_id from given;
grant select on made to public;

select is_empty(
  $$
    select c.oid::regclass
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    where n.nspname in ('rasid', 'ref', 'doc', 'inbox', 'calc', 'bi', 'mobile', 'audit')
      and c.relkind in ('r', 'v', 'm', 'p')
      and not (
        has_schema_privilege('rasid_auditor', n.oid, 'usage')
        and has_table_privilege('rasid_auditor', c.oid, 'select')
      )
  $$,
  'it may read every table and view'
);
select is_empty(
  $$
    select c.oid::regclass, p.privilege
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    cross join unnest(array['insert', 'update', 'delete', 'truncate', 'references', 'trigger'])
      as p (privilege)
    where n.nspname in ('rasid', 'ref', 'doc', 'inbox', 'calc', 'bi', 'mobile', 'audit')
      and c.relkind in ('r', 'v', 'm', 'p')
      and (
        has_table_privilege('rasid_auditor', c.oid, p.privilege)
        or p.privilege in ('insert', 'update', 'references')
        and has_any_column_privilege('rasid_auditor', c.oid, p.privilege)
      )
  $$,
  'it may write none, nor a column of one'
);

select test.act_as('auditor');
select is_empty('select * from calc.verify()', 'it asks for the proof');
select isnt_empty(
  'select h.changes from made, audit.history(''invoice'', a, invoice_id) as h', 'and for a story'
);
select is_empty(
  $$
    select s.statement
    from unnest(array[
      'select count(*) from inbox.payment_reading', 'select count(*) from mobile.customer',
      'select count(*) from calc.line', 'select count(*) from bi.month_end_drift',
      'select * from bi.account_as_of(''2025-01-01'')'
    ]) as s (statement)
    where test.refusal(s.statement) <> 'not refused'
      and (s.statement !~ 'mobile' or to_regclass('mobile.customer') is not null)
  $$,
  'it reads what views read'
);
select is_empty(
  $$
    select s.statement
    from unnest(array[
      'insert into doc.payment (account_id, amount, doc_date) select a, 1, ''2025-01-01'' from made',
      'update ref.setting set value = ''UTC''', 'delete from doc.invoice',
      'insert into inbox.party (code) values (''x'')', 'select inbox.process()',
      'select calc.rebuild()', 'select ref.close_period(''2025-01-31'', ''x'')',
      'select nextval(''doc.document_id_seq'')', 'create table audit.mine ()',
      'set role rasid_owner', 'set role rasid_finance'
    ]) as s (statement)
    where test.refusal(s.statement) <> '42501'
  $$,
  'and does nothing'
);
select test.act_as(null);

select * from finish();

rollback;
