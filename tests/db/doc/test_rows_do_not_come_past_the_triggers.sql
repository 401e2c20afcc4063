-- Under session_replication_role = replica, as under logical replication, ordinary triggers sleep.
begin;

select plan(8);

create temporary table given as select test.make_account() as account_id;
create temporary table made as
select account_id, test.make_invoice(account_id) as invoice_id from given;

set local session_replication_role = replica;

select test.refused(
  $$insert into doc.payment (account_id, amount, doc_date) select account_id, 1, '2025-01-01' from given$$,
  'RS003', 'rows_come_through_triggers', 'no insert'
);
select test.refused(
  'update doc.invoice set amount = 1', 'RS003', 'rows_come_through_triggers', 'no update'
);
select test.refused(
  'delete from doc.invoice', 'RS003', 'rows_come_through_triggers', 'no delete'
);
select test.refused(
  $$insert into ref.account (party_id) select test.make_party()$$,
  'RS003', 'rows_come_through_triggers', 'no account'
);
select test.refused(
  $$update ref.account set policy = 'manual'$$,
  'RS003', 'rows_come_through_triggers', 'no other policy'
);

set local session_replication_role = origin;

select is((select amount from doc.invoice natural join made), 100::ref.amount, 'nothing changed');
select test.accepted('update doc.invoice set amount = 1', 'the front door is open');

select bag_eq(
  $$
    select tgrelid from pg_trigger where tgname = 't00_replica' and tgenabled = 'R'
  $$,
  $$
    select c.oid
    from pg_class as c
    where c.relkind = 'r'
      and (c.relnamespace = 'doc'::regnamespace or c.oid = 'ref.account'::regclass)
  $$,
  'on every table of documents, and on accounts'
);

select * from finish();

rollback;
