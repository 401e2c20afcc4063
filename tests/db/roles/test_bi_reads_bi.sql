-- rasid_bi: every view and read function of bi, all of their columns; it writes nothing.
begin;

select plan(8);

create temporary table given as select test.make_account() as a;
create temporary table made as
select a, test.make_invoice(a, 100, '2025-01-01') as invoice_id,
  test.make_payment(a, 30, '2025-01-05') as payment_id,
  test.make_cheque(a, 30, '2025-01-05', '2025-01-20') as cheque_id
from given;
grant select on made to public;

-- One answer for all, so that a view that is new is asked too.
create function pg_temp.unread(p_role text, p_schemas text[] default '{bi}')
returns setof text
language plpgsql
as $$
declare
  v_view regclass;
begin
  for v_view in
    select c.oid from pg_class as c
    where c.relnamespace::regnamespace::text = any (p_schemas) and c.relkind in ('v', 'm')
    order by c.relname
  loop
    begin
      perform test.act_as(p_role);
      execute format('select count(to_jsonb(v)) from %s as v', v_view);
      reset session authorization;
    exception when others then
      reset session authorization;
      return next v_view || ': ' || sqlerrm;
    end;
  end loop;
end
$$;

select is_empty('select pg_temp.unread(''bi'')', 'bi reads every view of bi');
select is_empty('select pg_temp.unread(''finance'')', 'so does the finance desk');
select is_empty(
  $$select pg_temp.unread('auditor', '{bi,inbox,calc,mobile}')$$, 'the auditor reads all others too'
);

select test.act_as('bi');
select results_eq(
  'select open_amount, unapplied_amount from bi.account_as_of(''2025-01-03''), made where account_id = a',
  'values (100::numeric, 0::numeric)',
  'accounts as of a day'
);
select results_eq(
  'select open_amount, status from bi.invoice_as_of(''2025-01-05'') join made using (invoice_id)',
  'values (40::numeric, ''partial'')',
  'invoices as of a day'
);
select results_eq(
  'select d1_30 from bi.aging_as_of(''2025-01-05''), made where account_id = a',
  'values (40::numeric)',
  'aging as of a day'
);

create function pg_temp.done(p_statements text[])
returns setof text
language sql
as $$
  select s from unnest(p_statements) as s where test.refusal(s) <> '42501'
$$;
select is_empty(
  $$
    select pg_temp.done(array[
      'insert into doc.payment (account_id, amount, doc_date) select a, 1, ''2025-01-01'' from made',
      'update doc.invoice set note = ''x''', 'delete from doc.cheque', 'select from doc.pin',
      'select note from doc.payment', 'select phone from ref.party', 'select from calc.line',
      'select from calc.account', 'select from inbox.payment', 'select from audit.change',
      'select * from audit.history(''invoice'', 1, 1)', 'select calc.rebuild()',
      'select * from calc.verify()', 'select inbox.process()',
      'select ref.close_period(''2025-01-31'', ''x'')', 'update ref.party set name = ''x''',
      'delete from ref.region', 'create view bi.mine as select 1',
      'select from mobile.customer', 'set role rasid_owner', 'set role rasid_integrator'
    ])
  $$,
  'it does nothing else'
);
select test.act_as(null);

set local rasid.today = '2025-01-05';
select results_eq(
  format(
    'select open_amount from bi.account_as_of(''2025-01-05'') where account_id = %s', (select a from made)
  ),
  format('select open_amount from bi.account where account_id = %s', (select a from made)),
  'and as of today is today'
);

select * from finish();

rollback;
