-- An amount is over 0, below 10^18 and has at most two decimals.
begin;

select plan(12);

create temporary table given as select test.make_account() as account_id;

create function pg_temp.pay(p_amount text)
returns text
language sql
as $$
  select format(
    'insert into doc.payment (account_id, amount, doc_date) select account_id, %L, %L from given',
    p_amount, '2025-01-01'
  )
$$;

select test.accepted(pg_temp.pay('0.01'), 'a hundredth');
select test.accepted(pg_temp.pay('999999999999999999.99'), 'the largest');
select test.accepted(pg_temp.pay('5.100'), 'zeros at the end are no decimals');
select test.refused(pg_temp.pay('0'), '23514', 'amount_positive', 'not 0');
select test.refused(pg_temp.pay('-0.01'), '23514', 'amount_positive', 'not below 0');
select test.refused(pg_temp.pay('1000000000000000000'), '23514', 'amount_below_limit', 'not 10^18');
select test.refused(pg_temp.pay('NaN'), '23514', 'amount_below_limit', 'not NaN');
select test.refused(pg_temp.pay('Infinity'), '23514', 'amount_below_limit', 'not infinity');
select test.refused(pg_temp.pay('-Infinity'), '23514', 'amount_positive', 'nor minus infinity');
select test.refused(pg_temp.pay('0.005'), '23514', 'amount_two_decimals', 'three decimals');
select test.refused(
  pg_temp.pay(null), '23502', null, 'a document has an amount'
);
select is_empty(
  $$
    select table_name
    from information_schema.columns
    where table_schema = 'doc' and data_type = 'numeric' and domain_name is distinct from 'amount'
  $$,
  'every amount of a document is a ref.amount'
);

select * from finish();

rollback;
