-- (account_id, source, external_id) is there once, so that a load can be repeated.
begin;

select plan(9);

create temporary table given as select test.make_account() as account_id, test.make_account() as other_id;

create function pg_temp.load(p_account text, p_source text, p_external_id text, p_tail text default '')
returns text
language sql
as $$
  select format(
    'insert into doc.payment (account_id, source, external_id, amount, doc_date)
     select %I, %L, %L, 1, %L from given %s',
    p_account, p_source, p_external_id, '2025-01-01', p_tail
  )
$$;

select test.accepted(pg_temp.load('account_id', 'erp', '1'), 'once');
select test.refused(
  pg_temp.load('account_id', 'erp', '1'), '23505', 'payment_external_id_unique', 'not twice'
);
select test.accepted(pg_temp.load('account_id', 'bank', '1'), 'another source');
select test.accepted(pg_temp.load('other_id', 'erp', '1'), 'another account');
select test.accepted(pg_temp.load('account_id', 'erp', null), 'without an id of its own');
select test.accepted(pg_temp.load('account_id', 'erp', null), 'any number of times');
select test.accepted(
  pg_temp.load('account_id', 'erp', '1', 'on conflict do nothing'), 'repeated with ON CONFLICT'
);
select test.accepted(
  pg_temp.load(
    'account_id', 'erp', '1',
    'on conflict (account_id, source, external_id) do update set amount = 2'
  ),
  'or changed by it'
);
select is((select count(*) from doc.payment), 5::bigint, 'nothing came twice');

select * from finish();

rollback;
