-- The history of a cheque is not made up.
begin;

select plan(6);

create temporary table made as
select a.account_id, test.make_cheque(a.account_id) as cheque_id
from test.make_account() as a (account_id);

select test.refused(s.sql, 'RS005', 'cheque_event_by_database', s.what)
from (
  values
    (
      $$
        insert into doc.cheque_event (account_id, cheque_id, to_status, event_date)
        select account_id, cheque_id, 'cleared', date '2025-01-01' from made
      $$,
      'no insert'
    ),
    ($$update doc.cheque_event set event_date = '2025-01-02'$$, 'no update'),
    ('delete from doc.cheque_event', 'no delete'),
    (
      $$
        merge into doc.cheque_event as e
        using made as m on e.cheque_id = m.cheque_id
        when matched then delete
      $$,
      'no MERGE'
    ),
    (
      $$
        with gone as (delete from doc.cheque_event returning cheque_id)
        select count(*) from gone
      $$,
      'not inside another statement'
    )
) as s (sql, what);

select is(test.history(cheque_id), 'in_hand 2025-01-01', 'and nothing changed') from made;

select * from finish();

rollback;
