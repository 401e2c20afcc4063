-- A Sayad id is 16 digits, and once in an account among cheques neither returned nor void.
begin;

select plan(8);

create temporary table given as select test.make_account() as account_id, test.make_account() as other_id;

create function pg_temp.hand_over(p_account text, p_sayad_id text, p_status text default 'in_hand')
returns text
language sql
as $$
  select format(
    'insert into doc.cheque (account_id, sayad_id, status, amount, doc_date, due_date)
     select %I, %L, %L, 1, %L, %4$L from given',
    p_account, p_sayad_id, p_status, '2025-01-01'
  )
$$;

select test.refused(
  pg_temp.hand_over('account_id', id), '23514', 'cheque_sayad_id_format', format('not "%s"', id)
)
from unnest('{123456789012345,12345678901234567,123456789012345a,۱۲۳۴۵۶۷۸۹۰۱۲۳۴۵۶}'::text[]) as id;
select test.accepted(pg_temp.hand_over('account_id', '1234567890123456'), 'once');
select test.refused(
  pg_temp.hand_over('account_id', '1234567890123456'), '23505', 'cheque_sayad_id_unique', 'not twice'
);
select test.accepted(
  pg_temp.hand_over('account_id', '1234567890123456', 'returned')
  || ';' || pg_temp.hand_over('other_id', '1234567890123456'),
  'but beside a returned one, and in another account'
);
select test.refused(
  'update doc.cheque set status = ''in_hand'' where status = ''returned''',
  '23505', 'cheque_sayad_id_unique', 'which then stays returned'
);

select * from finish();

rollback;
