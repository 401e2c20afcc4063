-- The unit of a currency rounds the shares of a payment term, so it stays once there are invoices.
begin;

select plan(5);

create temporary table given as
select test.make_account() as account_id, test.make_account(p_currency => 'USD') as dollar_id;

select test.accepted(
  'update ref.currency set unit = 10 where code = ''IRR''', 'before the first invoice it changes'
);
create temporary table made as select test.make_invoice(account_id) from given;
select test.refused(
  'update ref.currency set unit = 1 where code = ''IRR''', 'RS105', 'currency_unit_in_use',
  'after it, no more'
);
select test.accepted(
  'update ref.currency set unit = 10, name = ''ریال ایران'' where code = ''IRR''', 'its name does'
);
select test.accepted(
  'update ref.currency set unit = 1 where code = ''USD''', 'and so does another currency'
);
select test.refused(
  'update ref.currency set unit = 0', '23514', 'currency_unit_positive', 'a unit is over 0'
);

select * from finish();

rollback;
