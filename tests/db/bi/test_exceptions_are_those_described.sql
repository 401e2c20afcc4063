-- The comment of the view names every rule; a book in order has none of them.
begin;

select plan(2);

set local rasid.today = '2025-06-15';
call test.open();
insert into doc.invoice (account_id, invoice_id, doc_date, due_date, amount)
values (test.account(), 1, '2025-05-01', '2025-06-01', 100);
insert into doc.payment (account_id, payment_id, doc_date, amount)
values (test.account(), 11, '2025-05-05', 80);
insert into doc.cheque (account_id, cheque_id, doc_date, due_date, amount)
values (test.account(), 21, '2025-05-05', '2025-08-05', 20);
select is_empty('select rule from bi.exception', 'a book in order');

select set_eq(
  $$
    select (regexp_matches(pg_get_viewdef('bi.exception'), '''(\w+)''::text AS rule', 'g'))[1]
  $$,
  $$
    select trim(unnest(string_to_array(
      substring(obj_description('bi.exception'::regclass, 'pg_class') from 'Rules: (.*)\.$'), ','
    )))
  $$,
  'the rules of the view are those of its comment'
);

select * from finish();

rollback;
