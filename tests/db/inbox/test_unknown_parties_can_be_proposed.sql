-- On request, unknown customers of a load get a party and an account.
begin;

select plan(5);

insert into ref.party (code, name) values ('A1', 'one');
insert into inbox.invoice (batch, party_code, party_name, currency, doc_no, doc_date, amount)
values
  ('f', 'A1', 'not used', 'usd', '1', '2025-01-01', '5'),
  ('f', '۷', null, null, '2', '2025-01-01', '5'),
  ('f', '7', 'شركت نور', null, '3', '2025-01-01', '5'),
  ('f', ' 7 ', 'other spelling', null, '4', '2025-01-01', '5'),
  ('f', '8', 'eight', 'XXX', '5', '2025-01-01', '5'),
  ('f', null, 'nobody', null, '6', '2025-01-01', '5');
select lives_ok($$ select inbox.propose_parties('invoice', 'f') $$, 'they are proposed');

select results_eq(
  $$ select * from inbox.process('f') $$,
  $$
  values
    ('party', 2::bigint, 0::bigint, 0::bigint), ('account', 2, 0, 1), ('invoice', 4, 0, 2)
  $$,
  'unknown customers are made'
);
select results_eq(
  $$ select p.code, p.name, a.currency from ref.account as a join ref.party as p using (party_id)
     order by 1 $$,
  $$ values ('7', 'شرکت نور', 'IRR'), ('A1', 'one', 'USD') $$,
  'with the first name said, and the account that their rows name'
);
select is((select reason_code from inbox.account), 'currency_unknown', 'but no currency is');
select results_eq(
  $$ select reason_code from inbox.invoice order by inbox_id $$,
  $$ values ('account_unknown'), ('account_missing') $$,
  'and a row that names nobody stays'
);

select * from finish();

rollback;
