-- Under session_replication_role = replica, as under logical replication, ordinary triggers sleep.
begin;

select plan(14);

create temporary table given as select test.make_account() as account_id;
create temporary table made as
select account_id, test.make_invoice(account_id) as invoice_id from given;

-- What the lines of an invoice rest on besides.
create temporary table term as
select test.make_payment_term('{0,30}', '{50,50}') as used_id, test.make_payment_term('{10}', '{100}') as free_id;
create temporary table parted as
select test.make_invoice(test.make_account(p_payment_term_id => used_id)) as invoice_id from term;

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

select test.refused(
  'update ref.payment_term_line set days = 20 where payment_term_id = (select used_id from term)',
  'RS101', 'payment_term_in_use', 'no other days of a term in use'
);
select test.refused(
  'delete from ref.payment_term_line where payment_term_id = (select used_id from term)',
  'RS101', 'payment_term_in_use', 'no line of it less'
);
select test.accepted(
  'update ref.payment_term_line set days = 20 where payment_term_id = (select free_id from term)',
  'but of a term that no invoice names'
);
select test.refused(
  'update ref.currency set unit = 10 where code = ''IRR''', 'RS105', 'currency_unit_in_use',
  'no other unit'
);
select test.refused(
  'truncate ref.payment_term_line', 'RS402', 'reference_not_truncated', 'and no truncate'
);

set local session_replication_role = origin;

select is_empty('select * from calc.verify()', 'the figures are as they were');

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
