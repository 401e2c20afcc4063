-- A code written directly into ref.party can have any spelling; a row of the inbox that names the party
-- means it, in that spelling or in another.
begin;

select plan(6);

insert into ref.party (code, name) values (U&'\0643-\06F1\06F2', 'written directly');
insert into ref.account (party_id) select party_id from ref.party where name = 'written directly';

-- Arabic kaf and Persian digits; Persian kaf and ASCII digits.
insert into inbox.payment (batch, party_code, doc_date, amount, external_id)
values
  ('spelt', U&'\0643-\06F1\06F2', '2025-02-01', '100', 'p1'),
  ('spelt', U&' \06A9-12 ', '2025-02-01', '200', 'p2');
select inbox.propose_parties('payment', 'spelt');
select is_empty($$select from inbox.party where batch = 'spelt'$$, 'nobody new is proposed');
select is_empty($$select from inbox.account where batch = 'spelt'$$, 'nor an account');
select results_eq(
  $$select document, loaded, rejected from inbox.process('spelt')$$,
  $$values ('payment', 2::bigint, 0::bigint)$$,
  'both are loaded'
);

insert into inbox.party (batch, code, name) values ('named', U&'\06A9-12', 'a better name');
insert into inbox.account (batch, party_code, currency) values ('named', U&'\06A9-12', 'USD');
select results_eq(
  $$select document, loaded, rejected from inbox.process('named')$$,
  $$values ('party', 1::bigint, 0::bigint), ('account', 1::bigint, 0::bigint)$$,
  'the party itself is found so, and a new account of it'
);
select results_eq(
  $$
    select p.code, p.name, count(*)
    from ref.party as p
    join ref.account as a on a.party_id = p.party_id
    where ref.persian_text(p.code) = U&'\06A9-12'
    group by p.party_id
  $$,
  $$values (U&'\0643-\06F1\06F2', 'a better name', 2::bigint)$$,
  'there is one, with the spelling of whoever wrote it'
);
select is(
  test.refusal($$insert into ref.party (code, name) values (U&'\06A9-12', 'again')$$),
  '23505 party_code_spelling_unique',
  'and no second one'
);

select * from finish();

rollback;
