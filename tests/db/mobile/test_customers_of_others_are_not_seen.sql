-- Two salespeople walk through every view of mobile: no row of the other's, however they ask.
begin;

select plan(41);

insert into ref.salesperson (salesperson_id, name) values (1, 'one'), (2, 'two');
create temp table t as
select n as number, test.make_party() as party_id from generate_series(0, 2) as n;
-- Number 0 is nobody's customer.
update ref.party as p set salesperson_id = nullif(t.number, 0) from t where p.party_id = t.party_id;
alter table t add account_id bigint;
update t set account_id = test.make_account(p_party_id => party_id);
do $$
begin
  perform test.make_account('payable', p_party_id => party_id) from t;
end
$$;

insert into doc.invoice (account_id, amount, doc_date)
select account_id, 100, current_date from ref.account;
insert into doc.payment (account_id, amount, doc_date)
select account_id, 10, current_date from ref.account;
insert into doc.cheque (account_id, amount, doc_date, due_date, status)
select a.account_id, 20, current_date, current_date, s.status
from ref.account as a cross join unnest('{in_hand,bounced}'::text[]) as s (status);

create temp table v as
select c.oid::regclass as view
from pg_class as c
where c.relnamespace = 'mobile'::regnamespace and c.relkind = 'v';

-- The numbers of the customers a salesperson sees through a view.
create function pg_temp.seen(
  p_salesperson_id text, p_view regclass, p_condition text default 'true'
)
returns text
language plpgsql
as $$
declare
  v_seen text;
begin
  perform set_config('rasid.salesperson_id', p_salesperson_id, true);
  execute format(
    'select string_agg(distinct coalesce(t.number::text, ''other''), '','')'
    ' from (select account_id from %s where %s) as s'
    ' left join t using (account_id)',
    p_view, p_condition
  ) into v_seen;
  return v_seen;
end
$$;

select is((select count(*) from v), 5::bigint, 'five views');
select is(pg_temp.seen('1', view), '1', format('one sees their own in %s', view)) from v;
select is(pg_temp.seen('2', view), '2', format('two sees their own in %s', view)) from v;
select is(pg_temp.seen('3', view), null, format('three has none in %s', view)) from v;
select is(pg_temp.seen('', view), null, format('nobody sees nothing in %s', view)) from v;

-- A condition that tells what it is shown.
create function pg_temp.tell(p_account_id bigint)
returns boolean
language plpgsql
cost 0.0000001
as $$
begin
  perform set_config(
    'test.told', concat_ws(',', nullif(current_setting('test.told', true), ''), p_account_id), true
  );
  return true;
end
$$;

create function pg_temp.told(p_view regclass)
returns text
language plpgsql
as $$
begin
  perform set_config('test.told', '', true);
  perform pg_temp.seen('1', p_view, 'pg_temp.tell(account_id)');
  return (
    select string_agg(distinct coalesce(t.number::text, 'other'), ',')
    from string_to_table(current_setting('test.told'), ',') as s (account_id)
    left join t on t.account_id = s.account_id::bigint
  );
end
$$;

select is(
  pg_temp.told(view), '1', format('a leaky function is shown no other''s row of %s', view)
)
from v;
select lives_ok(
  format(
    'select from %2$s where 1 / (account_id - %1$s) is not null', t.account_id, view
  ),
  format('nor does an error tell of one in %s', view)
)
from v join t on t.number = 2;
select is(
  (
    select string_agg(r, '')
    from pg_class as c cross join unnest(c.reloptions) as r
    where c.oid = v.view
  ),
  'security_barrier=true',
  format('%s is a barrier', view)
)
from v;
insert into ref.salesperson_login (login_name, salesperson_id) values (session_user, 2);
select is(pg_temp.seen('1', view), '2', format('a tied login stays who it is in %s', view)) from v;

select * from finish();

rollback;
