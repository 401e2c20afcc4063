-- audit.history(): one row a change, first things first, across moves and deletes.
begin;

select plan(10);

create temporary table given as
select test.make_account() as a, test.make_account() as b;

create function pg_temp.story(p_document text, p_account_id bigint, p_id bigint)
returns setof text
language sql
as $$
  select concat_ws(' | ', h.changed_by, h.action, h.changes, h.reason)
  from audit.history(p_document, p_account_id, p_id) with ordinality as h (
    changed_at, changed_by, login, action, changes, reason, transaction_id, n
  )
  order by h.n
$$;

set local rasid."user" = 'Mina';
insert into doc.credit_note (account_id, credit_note_id, amount, doc_date)
select a, 17000000000001, 100, '2025-01-01' from given;
set local rasid."user" = 'Reza';
update doc.credit_note set amount = 120, note = 'more' where credit_note_id = 17000000000001;
set local rasid."user" = 'Sara';
update doc.credit_note set account_id = (select b from given)
where credit_note_id = 17000000000001;
set local rasid.lock_reason = 'as agreed';
update doc.credit_note set note = null where credit_note_id = 17000000000001;
set local rasid.lock_reason = '';

create temporary table told as
select n, story
from given, pg_temp.story('credit_note', b, 17000000000001) with ordinality as s (story, n);
select is(
  (select string_agg(story, e'\n' order by n) from told where n > 1),
  (
    select format(
      e'Reza | changed | amount: 100 → 120; note: — → more\n'
        'Sara | moved | account_id: %s → %s\n'
        'Sara | changed | note: more → — | as agreed',
      a, b
    )
    from given
  ),
  'each change with who, column by column, and its reason'
);
select is(
  (select story from told where n = 1),
  (
    select format(
      'Mina | created | account_id: %s; amount: 100; credit_note_id: 17000000000001;'
        ' doc_date: 2025-01-01; kind: return; source: manual; status: active',
      a
    )
    from given
  ),
  'it begins with how it was made, by its own stamps'
);
select results_eq(
  'select s from given, pg_temp.story(''credit_note'', a, 17000000000001) as s',
  'select story from told order by n',
  'it is the same asked for by the account it was in before'
);
select results_eq(
  $$
    select login, transaction_id = pg_current_xact_id()
    from given, audit.history('credit_note', b, 17000000000001) where action = 'created'
  $$,
  'select session_user::text collate "default", true',
  'the creation knows the login behind the name'
);

delete from doc.credit_note where credit_note_id = 17000000000001;
insert into doc.credit_note (account_id, credit_note_id, amount, doc_date)
select b, 17000000000001, 7, '2025-01-01' from given;
select is(
  (
    select string_agg(split_part(s, ' | ', 2), ' ' order by n)
    from given, pg_temp.story('credit_note', b, 17000000000001) with ordinality as s (s, n)
  ),
  'created changed moved changed deleted created',
  'a deleted one, and another that took its place'
);

-- Others that have its number, or went its way.
create temporary table before as
select n, story
from given, pg_temp.story('credit_note', b, 17000000000001) with ordinality as s (story, n);
create temporary table other as
select test.make_account() as c, test.make_account() as d;
insert into doc.credit_note (account_id, credit_note_id, amount, doc_date)
select c, 17000000000001, 8, '2025-01-01' from other;
insert into doc.credit_note (account_id, credit_note_id, amount, doc_date)
select a, 17000000000002, 9, '2025-01-01' from given;
update doc.credit_note as n
set account_id = v.account_id, note = 'moved'
from (
  select d, 17000000000001 from other
  union all
  select b, 17000000000002 from given
) as v (account_id, credit_note_id)
where n.credit_note_id = v.credit_note_id and n.note is null and n.amount > 7;
select results_eq(
  'select s from given, pg_temp.story(''credit_note'', b, 17000000000001) as s',
  'select story from before order by n',
  'others with its number in other accounts, or moved to its own, have stories of their own'
);

insert into ref.region (region_id, code, name) values (169999, 'X9', 'nine');
update ref.region set region_id = 170000 where region_id = 169999;
update ref.region set name = 'ten' where region_id = 170000;
insert into ref.agency (agency_id, name) values (169999, 'another');
insert into ref.agency (agency_id, name) values (170000, 'north');
update ref.agency set name = 'far north' where agency_id = 170000;
delete from ref.agency where agency_id = 170000;
select results_eq(
  $$select * from pg_temp.story('agency', null, 170000)$$,
  $$
    values ('Sara | created | agency_id: 170000; name: north'),
      ('Sara | changed | name: north → far north'),
      ('Sara | deleted | agency_id: 170000; name: far north')
  $$,
  'a row of ref'
);

insert into ref.setting (name, value) values ('my colour', 'red');
update ref.setting set value = 'blue' where name = 'my colour';
select is(
  (select string_agg(changes, ' / ') from audit.row_history('ref.setting', 'my colour')),
  'name: my colour; value: red / value: red → blue',
  'a row with a key that is no number'
);

update ref.account set credit_limit = 5 from given where account_id = a;
select is(
  (
    select string_agg(h.changes, ' / ')
    from given, audit.row_history('ref.account', a::text) as h
    where h.action = 'changed'
  ),
  'credit_limit: — → 5',
  'an account, by its id alone'
);
select throws_ok(
  'select audit.row_history(''doc.nothing'', ''1'')', '42P01', null, 'there is no such table'
);

select * from finish();

rollback;
