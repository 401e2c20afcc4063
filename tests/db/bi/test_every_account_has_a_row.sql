-- bi.account, bi.aging and their as-of forms have a row for every account, with or without
-- documents, and stay so.
begin;

select plan(6);

call test.open();
call test.open('b', p_side => 'payable', p_currency => 'USD');
insert into doc.invoice (account_id, invoice_id, doc_date, amount)
values (test.account(), 1, '2025-05-01', 100);

select set_eq('select account_id from bi.account', 'select account_id from ref.account', 'account');
select set_eq('select account_id from bi.aging', 'select account_id from ref.account', 'aging');
select bag_eq(
  'select account_id from bi.account_as_of(''2020-01-01'')', 'select account_id from ref.account',
  'account, as of a day before all documents'
);
select bag_eq(
  'select account_id from bi.aging_as_of(''2020-01-01'')', 'select account_id from ref.account',
  'aging, as of it'
);
update ref.account set credit_limit = 500 where account_id = test.account('b');
select results_eq(
  $$
    select balance, exposure_amount, credit_room, risky_amount
    from bi.account where account_id = test.account('b')
  $$,
  'values (0::numeric, 0::numeric, 500::numeric, 0::numeric)',
  'without documents: nothing owed, all of the limit left'
);
delete from ref.account where account_id = test.account('b');
select bag_eq(
  'select account_id from bi.account', 'select account_id from ref.account', 'one gone'
);

select * from finish();

rollback;
