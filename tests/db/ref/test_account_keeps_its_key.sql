-- What was allocated in an account was money of one party, on one side, in one currency.
begin;

select plan(8);

create temporary table given as
select test.make_account() as account_id, test.make_party() as other_party_id;

select test.refused(
  'update ref.account set ' || s.change || ' from given where account.account_id = given.account_id',
  'RS103', 'account_key_fixed', s.change
)
from (
  values
    ('account_id = account.account_id + 1000000'),
    ('party_id = other_party_id'), ('side = ''payable'''), ('currency = ''USD''')
) as s (change);
select test.accepted(
  'update ref.account set party_id = party_id, side = side, currency = currency, note = ''x''',
  'the same again is no change'
);
select test.accepted(
  'update ref.account set policy = ''fifo_due'', credit_limit = 1000, tolerance_days = 5',
  'the rest is free'
);
select test.refused(
  'insert into ref.account (party_id) select party_id from ref.account natural join given',
  '23505', 'account_party_side_currency_unique', 'one account for party, side and currency'
);
select test.accepted(
  'insert into ref.account (party_id, side) select party_id, ''payable'' from ref.account natural join given',
  'another for the other side'
);

select * from finish();

rollback;
