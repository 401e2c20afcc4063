-- What the audit and the month-ends keep is changed by nobody, the owner included.
begin;

select plan(18);

create temporary table given as select test.make_account() as account_id;
update ref.account set note = 'x' where account_id = (select account_id from given);

select test.refused(s.statement, 'RS401', 'kept_for_good', s.statement)
from unnest(
  array['audit.change', 'audit.signature', 'audit.month_end', 'audit.month_end_account']
) as t (name)
cross join lateral (
  values
    (format('delete from %s', t.name)),
    (
      format(
        'update %s set %s',
        t.name,
        case t.name
          when 'audit.change' then 'login = ''x'''
          when 'audit.signature' then 'login = ''x'''
          when 'audit.month_end' then 'kept_by = ''x'''
          else 'balance = 0'
        end
      )
    ),
    (format('truncate %s cascade', t.name))
) as s (statement);

set local session_replication_role = replica;
select test.refused(
  'delete from audit.change', 'RS401', 'kept_for_good', 'not past the triggers either'
);
set local session_replication_role = origin;

select test.act_as('auditor');
select test.denied('delete from audit.change', 'the auditor');
select test.denied(
  $$insert into audit.change (table_name, action, row_key, row_kept) values ('x', 'delete', '', '{}')$$,
  'the auditor adds nothing'
);
select test.act_as(null);
select test.act_as('finance');
select test.denied('delete from audit.change', 'the finance desk');
select test.denied('insert into audit.signature (name) values (''x'')', 'the finance desk adds nothing');
select test.act_as(null);
select test.act_as('integrator');
select test.denied('select from audit.change', 'the integrator does not even read it');
select test.act_as(null);

select * from finish();

rollback;
