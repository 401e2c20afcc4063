-- Each change of a row of doc or ref is kept as it was before, once, with who, when and in which
-- transaction. A new document is not: its stamps tell.
begin;

select plan(18);

create temporary table given as
select test.make_account() as account_id, test.make_account() as other_id;
create temporary table made as
select account_id, other_id, test.make_invoice(account_id) as invoice_id from given;

create function pg_temp.kept(p_table text)
returns setof audit.change
language sql
as $$
  select c.* from audit.change as c
  where c.table_name = p_table and c.transaction_id = pg_current_xact_id()
  order by c.change_id
$$;

select is_empty($$select from pg_temp.kept('doc.invoice')$$, 'a new document is not kept');

set local rasid."user" = 'Mina';
update doc.invoice set note = 'seen' where account_id = (select account_id from given);
select results_eq(
  $$
    select action, account_id, row_key, row_kept ? 'note', new_row_key, changed_by, login,
      changed_at, transaction_id, reason
    from pg_temp.kept('doc.invoice')
  $$,
  $$
    select 'update', account_id, invoice_id::text, false, null::text, 'Mina', session_user::text collate "default",
      now(), pg_current_xact_id(), null::text
    from made
  $$,
  'a changed one is, as it was, with name, login, time and transaction'
);

update doc.invoice set note = 'seen', amount = amount;
select is(
  (select count(*) from pg_temp.kept('doc.invoice')), 1::bigint,
  'a change of nothing is not kept, although it stamps the row'
);

update doc.invoice as i set account_id = m.other_id, note = null
from made as m where i.invoice_id = m.invoice_id;
select results_eq(
  $$
    select account_id, row_key, new_account_id, new_row_key, row_kept ->> 'note'
    from pg_temp.kept('doc.invoice') offset 1
  $$,
  $$select account_id, invoice_id::text, other_id, invoice_id::text, 'seen' from made$$,
  'a move to another account says from where to where'
);

delete from doc.invoice where invoice_id = (select invoice_id from made);
select results_eq(
  $$select action, account_id, row_kept ->> 'amount' from pg_temp.kept('doc.invoice') offset 2$$,
  $$select 'delete', other_id, '100' from made$$,
  'a deleted one is kept whole'
);

insert into doc.payment (account_id, payment_id, amount, doc_date)
select account_id, 17000000000000 + n, n, '2025-01-01' from given, generate_series(1, 50) as n;
update doc.payment set amount = amount + 1 where payment_id > 17000000000000 and amount > 10;
select is(
  (
    select array_agg(row_kept ->> 'amount' order by (row_kept ->> 'amount')::numeric)
    from pg_temp.kept('doc.payment')
  ),
  (select array_agg(n::text order by n) from generate_series(11, 50) as n),
  'of many, each that changed, as it was'
);

-- Rows find themselves again although all keys of the statement change places.
update doc.payment
set payment_id = 17000000000100 - (payment_id - 17000000000000)
where payment_id between 17000000000001 and 17000000000010;
select is(
  (
    select count(*) from pg_temp.kept('doc.payment')
    where row_key::bigint + new_row_key::bigint = 2 * 17000000000000 + 100
  ),
  10::bigint,
  'a row whose key changed is kept as moved, not as another one'
);

merge into doc.payment as p
using (
  select account_id, 17000000000000 + n as payment_id
  from given, generate_series(20, 60) as n
) as s
on p.account_id = s.account_id and p.payment_id = s.payment_id
when matched and s.payment_id < 17000000000030 then delete
when matched then update set note = 'merged'
when not matched then
  insert (account_id, payment_id, amount, doc_date)
  values (s.account_id, s.payment_id, 1, '2025-01-02');
select is(
  (
    select array[
      count(*) filter (where action = 'delete'),
      count(*) filter (where action = 'update' and not row_kept ? 'note'),
      count(*) filter (where action = 'insert')
    ]
    from (select * from pg_temp.kept('doc.payment') offset 50) as k
  ),
  array[10, 21, 0]::bigint[],
  'MERGE: what it deleted and what it changed'
);

insert into doc.payment (account_id, payment_id, amount, doc_date)
select account_id, 17000000000060, 5, '2025-01-01' from given
on conflict (account_id, payment_id) do update set amount = excluded.amount;
select is(
  (
    select row_kept ->> 'amount' from pg_temp.kept('doc.payment')
    where row_key = '17000000000060'
  ),
  '1',
  'ON CONFLICT: what it changed'
);

with taken as (
  delete from doc.payment where payment_id = 17000000000060 returning account_id
)
update doc.payment set note = 'with' where payment_id in (17000000000058, 17000000000059);
select is(
  (
    select string_agg(action || ' ' || right(row_key, 2), ', ' order by row_key, change_id)
    from pg_temp.kept('doc.payment')
    where row_key in ('17000000000058', '17000000000059', '17000000000060')
  ),
  'update 58, update 59, update 60, delete 60',
  'a writable CTE: both of its parts'
);

create temporary table chequed as
select account_id, test.make_cheque(account_id) as cheque_id from given;
delete from doc.cheque where cheque_id = (select cheque_id from chequed);
select is(
  (select count(*) from pg_temp.kept('doc.cheque_event')), 1::bigint,
  'what goes with a document by a cascade is kept too'
);

insert into ref.region (code, name) values ('X1', 'one'), ('X2', 'two');
select results_eq(
  $$
    select k.action, k.row_key, k.row_kept ->> 'code'
    from pg_temp.kept('ref.region') as k order by k.change_id
  $$,
  $$
    select 'insert', r.region_id::text, r.code
    from ref.region as r where r.code in ('X1', 'X2') order by r.code
  $$,
  'a new row of ref, which has no stamps, is kept'
);

update ref.account set credit_limit = 5 where account_id = (select account_id from given);
select results_eq(
  $$
    select k.action, k.account_id = k.row_key::bigint, k.row_kept ? 'credit_limit'
    from pg_temp.kept('ref.account') as k
    where k.action = 'update'
  $$,
  $$values ('update', true, false)$$,
  'an account as it was'
);

create temporary table term as
select test.make_payment_term('{30}', '{100}') as payment_term_id;
update ref.payment_term_line set days = 40
where payment_term_id = (select payment_term_id from term);
select is(
  (
    select row_key || ' ' || (row_kept ->> 'days') from pg_temp.kept('ref.payment_term_line')
    where action = 'update'
  ),
  (select payment_term_id || '/1 30' from term),
  'a key of two columns'
);

select results_eq(
  $$
    select s.name, s.login, s.signed_at
    from audit.signature as s
    where s.transaction_id = pg_current_xact_id()
  $$,
  $$select 'Mina', session_user::text collate "default", now()$$,
  'the login that wrote new documents under another name is kept, once a transaction'
);

set local rasid."user" = 'Reza';
create temporary table second as
select test.make_invoice(account_id), test.make_payment(account_id) from given;
select is(
  (
    select array_agg(s.name order by s.name)
    from audit.signature as s
    where s.transaction_id = pg_current_xact_id()
  ),
  array['Mina', 'Reza'],
  'under a second name too'
);

select test.refused(s.statement, 'RS402', 'reference_not_truncated', s.statement)
from (values ('truncate ref.setting')) as s (statement);

select is_empty(
  $$
    select c.oid::regclass, n.name
    from pg_class as c
    cross join (
      values ('t60_audit_insert'), ('t60_audit_update'), ('t60_audit_delete')
    ) as n (name)
    where c.relnamespace in ('doc'::regnamespace, 'ref'::regnamespace) and c.relkind = 'r'
      and not exists (
        select from pg_trigger as t
        where t.tgrelid = c.oid and t.tgname = n.name and t.tgenabled = 'O'
      )
  $$,
  'every table of doc and ref has the triggers'
);

select * from finish();

rollback;
