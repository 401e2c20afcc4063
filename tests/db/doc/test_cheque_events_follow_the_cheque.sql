-- Every change of state is an event; the days of the first and the last follow their cheque.
begin;

select plan(28);

set local rasid.today = '2025-03-15';

create temporary table given as
select test.make_account() as account_id, test.make_account() as other_account_id;
create temporary table made as
select s.status, test.make_cheque(g.account_id, p_status => s.status, p_status_date => s.day) as cheque_id
from given as g
cross join (
  values
    ('in_hand', null::date), ('submitted', null), ('bounced', '2025-02-05'), ('void', '2025-01-01')
) as s (status, day);

select is(test.history(cheque_id), 'in_hand 2025-01-01', 'entered in hand') from made
where status = 'in_hand';
select is(test.history(cheque_id), 'submitted 2025-01-01', 'entered as submitted') from made
where status = 'submitted';
select is(
  test.history(cheque_id), 'in_hand 2025-01-01, bounced 2025-02-05', 'entered in a later state'
)
from made
where status = 'bounced';
select is(
  test.history(cheque_id), 'in_hand 2025-01-01, void 2025-01-01', 'on the day of its hand-over'
)
from made
where status = 'void';
select results_eq(
  $$
    select e.from_status
    from doc.cheque_event as e
    join made as m using (cheque_id)
    where m.status = 'bounced'
    order by e.cheque_event_id
  $$,
  array[null, 'in_hand'],
  'each tells from what'
);

-- Many in one statement.
update doc.cheque
set
  status = case status when 'submitted' then 'in_hand' else 'deposited' end,
  status_date = '2025-03-01'
where account_id = (select account_id from given)
  and status <> 'void';
select is(
  test.history(cheque_id),
  case status
    when 'in_hand' then 'in_hand 2025-01-01, deposited 2025-03-01'
    when 'submitted' then 'submitted 2025-01-01, in_hand 2025-03-01'
    when 'bounced' then 'in_hand 2025-01-01, bounced 2025-02-05, deposited 2025-03-01'
    when 'void' then 'in_hand 2025-01-01, void 2025-01-01'
  end,
  'many in one statement: ' || status
)
from made
order by cheque_id;

create temporary table one as select cheque_id from made where status = 'in_hand';
update doc.cheque set note = 'called', amount = 90 from one where cheque.cheque_id = one.cheque_id;
select is(
  test.history(cheque_id), 'in_hand 2025-01-01, deposited 2025-03-01', 'other columns: no event'
)
from one;

update doc.cheque set status_date = '2025-03-02' from one where cheque.cheque_id = one.cheque_id;
select is(
  test.history(cheque_id), 'in_hand 2025-01-01, deposited 2025-03-02',
  'the last event follows status_date'
)
from one;

update doc.cheque set doc_date = '2024-12-30' from one where cheque.cheque_id = one.cheque_id;
select is(
  test.history(cheque_id), 'in_hand 2024-12-30, deposited 2025-03-02',
  'the first event follows doc_date'
)
from one;

update doc.cheque
set doc_date = '2024-12-31', status = 'cleared', status_date = '2025-03-03'
from one
where cheque.cheque_id = one.cheque_id;
select is(
  test.history(cheque_id), 'in_hand 2024-12-31, deposited 2025-03-02, cleared 2025-03-03',
  'both at once, and a new state'
)
from one;

create temporary table fresh as select test.make_cheque(account_id) as cheque_id from given;
update doc.cheque set status_date = '2025-01-07' from fresh where cheque.cheque_id = fresh.cheque_id;
select is(
  test.history(cheque_id), 'in_hand 2025-01-01',
  'the only event is the hand-over, and does not follow status_date'
)
from fresh;
update doc.cheque set status = 'deposited' from fresh where cheque.cheque_id = fresh.cheque_id;
update doc.cheque set status = 'in_hand' from fresh where cheque.cheque_id = fresh.cheque_id;
select is(
  test.history(cheque_id), 'in_hand 2025-01-01, deposited 2025-03-15, in_hand 2025-03-15',
  'back where it was: an event like any other'
)
from fresh;

-- Two parts of one statement.
with said as (
  update doc.cheque as c set status = 'bounced', status_date = '2025-03-04'
  from one
  where c.cheque_id = one.cheque_id
  returning c.cheque_id
)
update doc.cheque as c
set status = 'deposited', status_date = '2025-03-05'
from fresh, said
where c.cheque_id = fresh.cheque_id;
select is(
  test.history(cheque_id),
  'in_hand 2024-12-31, deposited 2025-03-02, cleared 2025-03-03, bounced 2025-03-04',
  'writable CTE: one part'
)
from one;
select is(
  test.history(cheque_id),
  'in_hand 2025-01-01, deposited 2025-03-15, in_hand 2025-03-15, deposited 2025-03-05',
  'and the other'
)
from fresh;

-- A cheque that moves takes its events with it, and may change on the way.
update doc.cheque as c
set account_id = g.other_account_id, status = 'cleared', status_date = '2025-03-06'
from fresh, given as g
where c.cheque_id = fresh.cheque_id;
select is(
  test.history(cheque_id),
  'in_hand 2025-01-01, deposited 2025-03-15, in_hand 2025-03-15, deposited 2025-03-05, cleared 2025-03-06',
  'moved and changed at once'
)
from fresh;
select is(
  (select count(distinct account_id) from doc.cheque_event join fresh using (cheque_id)),
  1::bigint,
  'all its events are with it'
);

-- The same id in two accounts is two cheques.
insert into doc.cheque (account_id, cheque_id, amount, doc_date, due_date)
select a.account_id, 17592186044415, 5, '2025-01-01', '2025-01-01'
from given as g
cross join lateral (values (g.account_id), (g.other_account_id)) as a (account_id);
update doc.cheque as c
set status = case c.account_id when g.account_id then 'cleared' else 'bounced' end
from given as g
where c.cheque_id = 17592186044415;
select results_eq(
  $$
    select string_agg(e.to_status, ' ' order by e.cheque_event_id)
    from doc.cheque_event as e
    where e.cheque_id = 17592186044415
    group by e.account_id
    order by e.account_id
  $$,
  '{in_hand cleared,in_hand bounced}'::text[],
  'one id in two accounts: each has its own'
);

merge into doc.cheque as c
using (
  select g.account_id, 17592186044415 as cheque_id, 'bounced' as status from given as g
  union all
  select g.account_id, 17592186044414, 'deposited' from given as g
) as n on c.account_id = n.account_id and c.cheque_id = n.cheque_id
when matched then update set status = n.status
when not matched then
  insert (account_id, cheque_id, amount, doc_date, due_date, status, status_date)
  values (n.account_id, n.cheque_id, 5, '2025-01-01', '2025-01-01', n.status, '2025-01-02');
select is(
  (
    select string_agg(e.to_status || ' ' || e.event_date, ', ' order by e.cheque_event_id)
    from doc.cheque_event as e
    join given as g using (account_id)
    where e.cheque_id = 17592186044415
  ),
  'in_hand 2025-01-01, cleared 2025-03-15, bounced 2025-03-15',
  'MERGE changes one'
);
select is(
  test.history(17592186044414), 'in_hand 2025-01-01, deposited 2025-01-02', 'and enters another'
);

insert into doc.cheque as c (account_id, cheque_id, amount, doc_date, due_date)
select account_id, n.cheque_id, 5, '2025-01-01', '2025-01-01'
from given, (values (17592186044414), (17592186044413)) as n (cheque_id)
on conflict (account_id, cheque_id) do update set status = 'cleared', status_date = '2025-01-03';
select is(
  test.history(17592186044414),
  'in_hand 2025-01-01, deposited 2025-01-02, cleared 2025-01-03',
  'ON CONFLICT changes one'
);
select is(test.history(17592186044413), 'in_hand 2025-01-01', 'and enters another');

delete from doc.cheque where cheque_id = 17592186044414;
select is(test.history(17592186044414), null, 'deleted with its events');

savepoint before;
update doc.cheque set status = 'deposited' where cheque_id = 17592186044413;
rollback to savepoint before;
select is(test.history(17592186044413), 'in_hand 2025-01-01', 'rolled back with its events');

select ok(
  not exists (
    select
    from doc.cheque as c
    cross join lateral (
      select
        array_agg(e.from_status order by e.cheque_event_id) as came_from,
        array_agg(e.to_status order by e.cheque_event_id) as went_to
      from doc.cheque_event as e
      where e.account_id = c.account_id and e.cheque_id = c.cheque_id
    ) as h
    where h.came_from is distinct from null::text || h.went_to[:cardinality(h.went_to) - 1]
      or h.went_to[cardinality(h.went_to)] <> c.status
  ),
  'every history leads from one state to the next, up to the present one'
);

insert into doc.cheque (account_id, serial_no, amount, doc_date, due_date, status, status_date)
select account_id, v.serial_no, 1, '2025-01-01', '2025-02-01', v.status, v.status_date
from given
cross join (
  values ('one', 'in_hand', date '2025-01-01'), ('two', 'bounced', '2025-02-03')
) as v (serial_no, status, status_date);
select results_eq(
  $$
    select q.serial_no, test.history(q.cheque_id) from doc.cheque as q
    where q.serial_no in ('one', 'two')
    order by q.serial_no
  $$,
  $$
    values ('one', 'in_hand 2025-01-01'), ('two', 'in_hand 2025-01-01, bounced 2025-02-03')
  $$,
  'several that are entered at once: each its own'
);

select * from finish();

rollback;
