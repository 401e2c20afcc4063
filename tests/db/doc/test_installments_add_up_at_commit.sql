-- The installments of an invoice add up to its amount at commit; until then they may be anything.
begin;

select plan(15);

create temporary table given as
select a.account_id, test.make_invoice(a.account_id) as invoice_id, test.make_invoice(a.account_id) as other_id
from test.make_account() as a (account_id);

create function pg_temp.add(p_amounts numeric[], p_from int default 1)
returns text
language sql
as $$
  select format(
    'insert into doc.installment (account_id, invoice_id, line_no, due_date, amount)
     select %s, %s, %s + l.ordinality - 1, date ''2025-02-01'' + l.ordinality::int, l.amount
     from unnest(%L::numeric[]) with ordinality as l (amount)',
    account_id, invoice_id, p_from, p_amounts
  )
  from given
$$;

select test.refused(pg_temp.add('{50,49.99}'), 'RS006', 'installments_add_up', 'too little');
select test.refused(pg_temp.add('{50,50.01}'), 'RS006', 'installments_add_up', 'too much');
select test.accepted(pg_temp.add('{50,50}'), 'in one statement');
select test.refused(pg_temp.add('{1}', 3), 'RS006', 'installments_add_up', 'one more');

select test.refused(
  'update doc.installment set amount = 51 where line_no = 1',
  'RS006', 'installments_add_up', 'one changed'
);
select test.refused(
  'delete from doc.installment where line_no = 1', 'RS006', 'installments_add_up', 'one deleted'
);
select test.refused(
  'update doc.invoice set amount = 120 from given where invoice.invoice_id = given.invoice_id',
  'RS006', 'installments_add_up', 'the invoice changed'
);
select test.accepted(
  $$
    update doc.invoice set amount = 120 from given where invoice.invoice_id = given.invoice_id;
    update doc.installment set amount = 60
  $$,
  'both changed, one after the other'
);
select test.accepted(
  $$
    with i as (
      update doc.invoice set amount = 100 from given where invoice.invoice_id = given.invoice_id
    )
    update doc.installment set amount = 50
  $$,
  'or in one statement'
);
select test.refused(
  'update doc.installment set invoice_id = other_id from given where line_no = 1',
  'RS006', 'installments_add_up', 'one given to another invoice'
);
select test.accepted(
  'update doc.installment set invoice_id = other_id from given', 'all given to another invoice'
);
select test.accepted(
  'update doc.installment set due_date = due_date + 1, note = ''later''', 'other columns are free'
);
select test.accepted('delete from doc.installment', 'none at all');
select test.accepted(
  pg_temp.add('{30}') || ';' || pg_temp.add('{70}', 2), 'one by one in a transaction'
);
select test.accepted(
  'delete from doc.invoice', 'and they go with their invoice'
);

select * from finish();

rollback;
