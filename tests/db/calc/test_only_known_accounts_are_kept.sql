-- An account that the engine does not keep, after a data-only restore, takes no documents silently.
begin;

select plan(7);

create temporary table given as select test.make_account() as account_id;

delete from calc.account using given where account.account_id = given.account_id;
select test.refused(
  'select test.make_payment(account_id) from given', 'RS202', 'account_kept', 'no document'
);
select test.accepted('select calc.rebuild(account_id) from given', 'calc.rebuild() keeps it again');
select test.accepted('select test.make_payment(account_id) from given', 'and it takes documents');
select test.refused(
  'select calc.rebuild(0)', 'RS203', 'account_exists', 'there is nothing to rebuild of no account'
);
select test.refused(
  'select * from calc.verify(0)', 'RS203', 'account_exists', 'nor anything to prove'
);
select is_empty(
  'select v.* from given cross join lateral calc.verify(account_id) v', 'of one that is there'
);

insert into calc.account (account_id, policy) values (0, 'manual');
select isnt_empty('select * from calc.verify(0)', 'but what is kept of none is shown');

select * from finish();

rollback;
