-- On request, unknown customers of a load get a party and an account; not for what is refused.
begin;

select plan(6);

insert into ref.party (code, name) values ('A1', 'one');
insert into inbox.invoice (batch, party_code, party_name, currency, doc_no, doc_date, amount)
values
  ('f', 'A1', 'not used', 'usd', '1', '2025-01-01', '5'),
  ('f', '۷', null, null, '2', '2025-01-01', '5'),
  ('f', '7', 'شركت نور', null, '3', '2025-01-01', '5'),
  ('f', ' 7 ', 'other spelling', null, '4', '2025-01-01', '5'),
  ('f', '8', 'eight', 'XXX', '5', '2025-01-01', '5'),
  ('f', '9', 'nine', null, '7', '2025-01-01', 'five'),
  ('f', '10', 'ten', null, '8', null, '5'),
  ('f', '11', 'eleven', null, '9', '2025-02-30', '5'),
  ('f', '12', 'twelve', null, '10', '1404-01-01', '5'),
  ('f', null, 'nobody', null, '6', '2025-01-01', '5');
select lives_ok($$ select inbox.propose_parties('invoice', 'f') $$, 'they are proposed');

select results_eq(
  $$ select * from inbox.process('f') $$,
  $$
  values
    ('party', 1::bigint, 0::bigint, 0::bigint), ('account', 2, 0, 0), ('invoice', 4, 0, 6)
  $$,
  'unknown customers are made'
);
select results_eq(
  $$ select p.code, p.name, a.currency from ref.account as a join ref.party as p using (party_id)
     order by 1 $$,
  $$ values ('7', 'شرکت نور', 'IRR'), ('A1', 'one', 'USD') $$,
  'with the first name said, and the account that their rows name'
);
select results_eq(
  $$ select reason_code from inbox.invoice order by inbox_id $$,
  $$
  values
    ('currency_unknown'), ('party_unknown, amount_readable'), ('party_unknown, doc_date_missing'),
    ('party_unknown, day_exists'), ('party_unknown, day_looks_jalali'), ('account_missing')
  $$,
  'and nobody for a row that is refused in any case'
);

insert into inbox.credit_note (batch, party_code, invoice_no, kind, doc_date, amount)
values ('n', '13', null, 'other', '2025-01-01', '5'), ('n', '14', '1', 'return', '2025-01-01', '5');
insert into inbox.cheque (batch, party_code, serial_no, sayad_id, doc_date, due_date, amount,
  replaces_cheque_sayad_id)
values
  ('c', '15', 'A', '1234567890123456', '2025-01-01', '2025-03-01', '5', null),
  ('c', '15', 'B', null, '2025-01-01', '2025-03-01', '5', '1234567890123456'),
  ('c', '16', 'C', null, '2025-01-01', '2025-03-01', '5', '1234567890123456');
select inbox.propose_parties('credit_note', 'n'), inbox.propose_parties('cheque', 'c');
select set_eq(
  $$ select code from inbox.party $$, array['13', '15'],
  'nor for one that names a document, which a new account has not'
);
select results_eq(
  $$ select document, loaded from inbox.process('c') where document = 'cheque' $$,
  $$ values ('cheque', 2::bigint) $$,
  'unless another row of theirs is it'
);

select * from finish();

rollback;
