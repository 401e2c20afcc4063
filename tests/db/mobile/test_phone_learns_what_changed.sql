-- changed_at tells a phone what to fetch again.
begin;

select plan(6);

insert into ref.salesperson (salesperson_id, name) values (1, 'one');
create temp table t as select test.make_account() as account_id, test.make_account() as other;
update ref.party as p set salesperson_id = 1
from t join ref.account as a on a.account_id in (t.account_id, t.other)
where p.party_id = a.party_id;
set local rasid.salesperson_id = '1';
set local rasid.today = '2025-12-31';

do $$
begin
  perform test.make_invoice(account_id, 100, '2025-12-01'),
    test.make_invoice(other, 100, '2025-12-01')
  from t;
end
$$;
create temp table since as select clock_timestamp() as moment;

create function pg_temp.changed()
returns text
language sql
as $$
  select string_agg(case c.account_id when t.account_id then 'one' else 'other' end, ',')
  from t cross join since cross join mobile.customer as c
  where c.changed_at > since.moment
$$;

select is(pg_temp.changed(), null, 'nothing has changed yet');
select is((select count(*) from mobile.open_invoice), 2::bigint, 'two invoices are open');
do $$
begin
  perform test.make_payment(account_id, 30, '2025-12-30') from t;
end
$$;
select is(pg_temp.changed(), 'one', 'a payment changes its account and no other');
select results_eq(
  'select o.open_amount from mobile.open_invoice as o cross join since'
  ' where o.changed_at > since.moment',
  'values (70::numeric)',
  'and the invoices open on it'
);
update since set moment = clock_timestamp();
update doc.invoice as i set note = 'seen' from t where i.account_id = t.account_id;
select is(pg_temp.changed(), null, 'a note changes no figure');
do $$
begin
  perform test.make_payment(account_id, 70, '2025-12-30') from t;
end
$$;
select is(
  (select pg_temp.changed() || count(*) from mobile.open_invoice as o join t using (account_id)),
  'one0',
  'a settled invoice is gone, and its account says that it changed'
);

select * from finish();

rollback;
