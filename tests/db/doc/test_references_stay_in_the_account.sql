-- What a document names is in its own account; what is named is neither moved nor deleted.
begin;

select plan(21);

create temporary table given as
select
  a.account_id,
  b.account_id as other_id,
  test.make_invoice(a.account_id) as invoice_id,
  test.make_payment(a.account_id) as payment_id,
  test.make_payment(b.account_id) as other_payment_id,
  test.make_cheque(a.account_id) as cheque_id
from test.make_account() as a (account_id), test.make_account() as b (account_id);

select test.refused(
  s.sql || ' from given', '23503', s.table_name || '_' || s.names || '_fkey',
  format('a %s of one account names no %s of another', s.table_name, s.names)
)
from (
  values
    (
      'installment', 'invoice',
      $$
        insert into doc.installment (account_id, invoice_id, line_no, due_date, amount)
        select other_id, invoice_id, 1, date '2025-01-01', 100
      $$
    ),
    (
      'credit_note', 'invoice',
      $$
        insert into doc.credit_note (account_id, invoice_id, doc_date, amount)
        select other_id, invoice_id, date '2025-01-01', 1
      $$
    ),
    (
      'adjustment', 'invoice',
      $$
        insert into doc.adjustment (account_id, invoice_id, doc_date, amount)
        select other_id, invoice_id, date '2025-01-01', 1
      $$
    ),
    (
      'payment', 'cheque',
      $$
        insert into doc.payment (account_id, cheque_id, doc_date, amount)
        select other_id, cheque_id, date '2025-01-01', 1
      $$
    ),
    (
      'cheque', 'replaces',
      $$
        insert into doc.cheque (account_id, replaces_cheque_id, doc_date, due_date, amount)
        select other_id, cheque_id, date '2025-01-01', date '2025-01-01', 1
      $$
    ),
    (
      'pin', 'invoice',
      $$
        insert into doc.pin (account_id, invoice_id, payment_id)
        select other_id, invoice_id, other_payment_id
      $$
    ),
    (
      'pin', 'payment',
      $$
        insert into doc.pin (account_id, invoice_id, payment_id)
        select account_id, invoice_id, cheque_id
      $$
    )
) as s (table_name, names, sql);

insert into doc.pin (account_id, invoice_id, payment_id)
select account_id, invoice_id, payment_id from given;
select test.refused(
  'update doc.payment set account_id = other_id from given where payment.payment_id = given.payment_id',
  '23503', 'pin_payment_fkey', 'a pinned payment is not moved'
);
select test.refused(
  'update doc.invoice set account_id = other_id from given where invoice.invoice_id = given.invoice_id',
  '23503', 'pin_invoice_fkey', 'nor the invoice it is pinned to'
);
select test.accepted(
  'delete from doc.payment using given where payment.payment_id = given.payment_id',
  'a pinned payment is deleted'
);
select is((select count(*) from doc.pin), 0::bigint, 'with its pin');

insert into doc.credit_note (account_id, invoice_id, doc_date, amount)
select account_id, invoice_id, date '2025-01-01', 1 from given;
select test.refused(
  'delete from doc.invoice using given where invoice.invoice_id = given.invoice_id',
  '23503', 'credit_note_invoice_fkey', 'an invoice that a note names is not deleted'
);
select test.refused(
  'update doc.invoice set account_id = other_id from given where invoice.invoice_id = given.invoice_id',
  '23503', 'credit_note_invoice_fkey', 'nor moved'
);
select test.accepted('update doc.invoice set status = ''void''', 'it is made void');

insert into doc.payment (account_id, cheque_id, doc_date, amount)
select account_id, cheque_id, '2025-01-01', 1 from given;
select test.refused(
  'delete from doc.cheque using given where cheque.cheque_id = given.cheque_id',
  '23503', 'payment_cheque_fkey', 'a cheque of which the bank paid a part is not deleted'
);
delete from doc.payment where cheque_id is not null;
select test.accepted(
  'update doc.cheque set account_id = other_id from given where cheque.cheque_id = given.cheque_id',
  'a cheque that nothing names moves'
);

select test.refused(
  $$insert into doc.pin (account_id, invoice_id) select account_id, invoice_id from given$$,
  '23514', 'pin_names_one_credit', 'a pin names a credit'
);
select test.refused(
  $$
    insert into doc.pin (account_id, invoice_id, payment_id, cheque_id)
    select account_id, invoice_id, payment_id, cheque_id from given
  $$,
  '23514', 'pin_names_one_credit', 'and not two'
);
select test.refused(
  'update doc.cheque set replaces_cheque_id = cheque_id',
  '23514', 'cheque_not_own_replacement', 'a cheque does not replace itself'
);

create temporary table lone as
select a.account_id, test.make_payment(a.account_id) from test.make_account() as a (account_id);
select test.refused(
  'delete from ref.account using lone where account.account_id = lone.account_id',
  '23503', 'payment_account_fkey', 'an account with documents stays'
);
select is(
  (
    select count(*)
    from pg_constraint as c
    where c.contype = 'f' and c.conrelid::regclass::text like 'doc.%'
      and c.confrelid::regclass::text like 'doc.%'
      and c.conkey[1] <> (
        select a.attnum
        from pg_attribute as a
        where a.attrelid = c.conrelid and a.attname = 'account_id'
      )
  ),
  0::bigint,
  'every reference between documents begins with the account'
);

select * from finish();

rollback;
