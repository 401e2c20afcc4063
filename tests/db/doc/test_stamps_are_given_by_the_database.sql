-- Who wrote a document and when is said by the database, never by the client.
begin;

select plan(15);

create temporary table given as select test.make_account() as account_id;

set local rasid."user" = 'Mina';
create temporary table made as
select test.make_invoice(account_id) as invoice_id from given;

select row_eq(
  'select created_at, created_by, updated_at, updated_by from doc.invoice natural join made',
  row (now(), 'Mina'::text, now(), 'Mina'::text),
  'a new row says when and by whom (rasid.user)'
);

set local rasid."user" = '';
create temporary table paid as
select test.make_payment(account_id) as payment_id from given;
select is(
  (select created_by from doc.payment natural join paid),
  session_user::text,
  'and by the session''s user if nobody is named'
);

select test.refused(
  format(
    'insert into doc.invoice (account_id, amount, doc_date, %I) select account_id, 1, %L, %L from given',
    c.name, '2025-01-01', c.value
  ),
  'RS001', 'stamps_given_by_database',
  'an insert does not give ' || c.name
)
from (
  values
    ('created_at', '2020-01-01'), ('updated_at', '2020-01-01'),
    ('created_by', 'somebody'), ('updated_by', 'somebody')
) as c (name, value);

select test.refused(
  $$
    insert into doc.payment (account_id, amount, doc_date, created_by, updated_by)
    select account_id, 1, '2025-01-01', 'somebody', 'somebody' from given
  $$,
  'RS001', 'stamps_given_by_database',
  'nor the name of somebody else throughout'
);
select test.refused(
  $$
    insert into doc.payment (account_id, amount, doc_date, created_at)
    select account_id, 1, date '2025-01-01', m.moment
    from given, (values (now()), (now()), (now() - interval '1 day')) as m (moment)
  $$,
  'RS001', 'stamps_given_by_database',
  'one wrong row among many refuses them all'
);
select is((select count(*) from doc.payment natural join given), 1::bigint, 'and none is written');

-- Other operators and functions, put before those of the database.
create schema shadow;
create function shadow.differs(text, text) returns boolean language sql return false;
create operator shadow.<> (leftarg = text, rightarg = text, function = shadow.differs);
create function shadow.current_setting(text, boolean) returns text language sql return 'somebody';
set local search_path = shadow, pg_catalog, tap, public;
select test.refused(
  'insert into doc.invoice (account_id, amount, doc_date, created_by) select account_id, 1, ''2025-01-01'', ''somebody'' from given',
  'RS001', 'stamps_given_by_database',
  'whatever the session''s search path finds'
);
create function shadow.now() returns timestamptz language sql return timestamptz '2020-01-01';
update doc.payment set note = 'shadowed';
set local search_path to default;
select row_eq(
  'select updated_at, updated_by from doc.payment natural join paid',
  row (now(), session_user::text collate "default"),
  'nor do they sign a change'
);

set local rasid."user" = 'Reza';
update doc.invoice
set
  note = 'seen',
  created_at = '2020-01-01',
  created_by = 'somebody',
  updated_at = '2020-01-01',
  updated_by = 'somebody';
select row_eq(
  'select created_at, created_by, updated_at, updated_by from doc.invoice natural join made',
  row (now(), 'Mina'::text, now(), 'Reza'::text),
  'an update keeps who made it and says who changed it, whatever it sets'
);

set local rasid."user" = 'Sara';
merge into doc.invoice as i
using made as m on i.invoice_id = m.invoice_id
when matched then update set created_by = 'somebody', updated_by = 'somebody';
select is(
  (select created_by || ' ' || updated_by from doc.invoice natural join made),
  'Mina Sara',
  'under MERGE too'
);

insert into doc.invoice as i (account_id, invoice_id, amount, doc_date)
select account_id, invoice_id, 100, '2025-01-01' from given, made
on conflict (account_id, invoice_id) do update set created_by = 'x', note = 'again';
select is(
  (select created_by || ' ' || updated_by from doc.invoice natural join made),
  'Mina Sara',
  'and under ON CONFLICT'
);

select bag_eq(
  $$
    select c.relname::text, t.tgname::text
    from pg_trigger as t
    join pg_class as c on c.oid = t.tgrelid
    where t.tgname in ('t10_stamp', 't10_stamp_insert') and t.tgenabled = 'O'
  $$,
  $$
    select c.relname::text, n.name
    from pg_class as c
    cross join (values ('t10_stamp'), ('t10_stamp_insert')) as n (name)
    where c.relnamespace = 'doc'::regnamespace and c.relkind = 'r'
      and c.relname <> 'cheque_event'
  $$,
  'on every table that people write'
);

select * from finish();

rollback;
