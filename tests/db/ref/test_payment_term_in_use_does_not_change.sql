-- The lines of a payment term stay as they are once an invoice names it.
begin;

select plan(11);

create temporary table given as
select test.make_payment_term('{0,30}', '{50,50}') as payment_term_id;
create temporary table account as
select test.make_account(p_payment_term_id => payment_term_id) as account_id from given;

create function pg_temp.line(p_statement text)
returns text
language sql
as $$
  select format(p_statement, payment_term_id) from given
$$;

select test.accepted(
  pg_temp.line('update ref.payment_term_line set days = 10 where payment_term_id = %s and line_no = 1'),
  'a term that only an account names changes'
);
create temporary table made as select test.make_invoice(account_id) as invoice_id from account;
select is(
  (select payment_term_id from doc.invoice join made using (invoice_id)),
  (select payment_term_id from given),
  'an invoice takes the term of its account'
);

select test.refused(pg_temp.line(s.sql), 'RS101', 'payment_term_in_use', s.what)
from (
  values
    ('update ref.payment_term_line set days = 20 where payment_term_id = %s', 'no other days'),
    ('update ref.payment_term_line set percent = 40 where payment_term_id = %s', 'no other share'),
    ('delete from ref.payment_term_line where payment_term_id = %s', 'no line less'),
    ('insert into ref.payment_term_line values (%s, 3, 60, 10)', 'no line more')
) as s (sql, what);
update ref.account set payment_term_id = null;
select test.refused(
  pg_temp.line('delete from ref.payment_term where payment_term_id = %s'),
  '23503', 'invoice_payment_term_fkey', 'it is not deleted'
);
select test.accepted(
  pg_temp.line('update ref.payment_term set name = ''another'' where payment_term_id = %s'),
  'its name is free'
);
select test.accepted(
  pg_temp.line('update ref.payment_term_line set days = days where payment_term_id = %s'),
  'a change of nothing is none'
);

update doc.invoice set status = 'void', payment_term_id = null;
update doc.invoice set status = 'active' from made where invoice.invoice_id = made.invoice_id;
select test.accepted(
  pg_temp.line('update ref.payment_term_line set days = 20 where payment_term_id = %s and line_no = 1'),
  'when no invoice names it any more it changes'
);
select test.accepted(
  pg_temp.line('delete from ref.payment_term where payment_term_id = %s'),
  'and goes, its lines with it'
);

select * from finish();

rollback;
