-- What is dated in a closed period is neither written, changed nor deleted, nor moved into it or
-- out of it; what comes after it is as free as before. Here on its last day and on the day after it.
begin;

select plan(41);

create temporary table given as
select test.make_account() as a, test.make_account() as b,
  test.make_account(p_side => 'payable') as c;
create temporary table old (document text, id bigint);
create temporary table fresh (document text, id bigint);
with made as (
  insert into doc.credit_note (account_id, amount, doc_date)
  select a, 1, d from given, (values (date '2025-01-31'), ('2025-02-01')) as v (d)
  returning credit_note_id, doc_date
),
discounted as (
  insert into doc.adjustment (account_id, amount, doc_date)
  select a, 1, d from given, (values (date '2025-01-31'), ('2025-02-01')) as v (d)
  returning adjustment_id, doc_date
),
set_off as (
  insert into doc.set_off (account_id, set_off_no, amount, doc_date)
  select x, d::text, 5, d
  from given, unnest(array[a, c]) as x, (values (date '2025-01-31'), ('2025-02-01')) as v (d)
  returning set_off_id, doc_date
),
kept as (
  select 'credit_note' as document, credit_note_id as id, doc_date from made
  union all
  select 'adjustment', adjustment_id, doc_date from discounted
  union all
  select 'set_off', set_off_id, doc_date from set_off
  union all
  select 'invoice', test.make_invoice(a, 100, d), d
  from given, (values (date '2025-01-31'), ('2025-02-01')) as v (d)
  union all
  select 'payment', test.make_payment(a, 10, d), d
  from given, (values (date '2025-01-31'), ('2025-02-01')) as v (d)
  union all
  select 'cheque', test.make_cheque(a, 10, d, '2025-03-01'), d
  from given, (values (date '2025-01-31'), ('2025-02-01')) as v (d)
),
is_old as (
  insert into old select document, id from kept where doc_date < '2025-02-01'
)
insert into fresh select document, id from kept where doc_date >= '2025-02-01';

select ref.close_period('2025-01-31', 'January');

grant select on given, old, fresh to public;
select test.act_as('integrator');

select test.refused(
  format(s.statement, '2025-01-31'),
  'RS403', 'period_open',
  'no new ' || s.document || ' on the last day of the closed period'
)
from (
  values
    ('invoice', 'insert into doc.invoice (account_id, amount, doc_date) select a, 1, %L from given'),
    ('payment', 'insert into doc.payment (account_id, amount, doc_date) select a, 1, %L from given'),
    (
      'cheque',
      'insert into doc.cheque (account_id, amount, doc_date, due_date)
       select a, 1, %L, ''2025-06-01'' from given'
    ),
    (
      'credit_note',
      'insert into doc.credit_note (account_id, amount, doc_date) select a, 1, %L from given'
    ),
    (
      'adjustment',
      'insert into doc.adjustment (account_id, amount, doc_date) select a, 1, %L from given'
    ),
    (
      'set_off',
      'insert into doc.set_off (account_id, set_off_no, amount, doc_date)
       select x, ''new'', 1, %L from given, unnest(array[a, c]) as x'
    )
) as s (document, statement);

select test.accepted(
  'insert into doc.invoice (account_id, amount, doc_date) select a, 1, ''2025-02-01'' from given',
  'a new one on the day after it'
);
select test.refused(
  'insert into doc.payment (account_id, amount, doc_date)
   select a, 1, date ''2025-03-01'' - n from given, generate_series(1, 29) as n',
  'RS403', 'period_open',
  'one old row among many refuses them all'
);

-- Old ones.
select test.refused(
  format('update doc.%1$I set amount = amount + 1 where %1$I_id in (%2$s)', o.document, o.ids),
  'RS403', 'period_open',
  'an old ' || o.document || ' is not changed'
)
from (
  select document, string_agg(id::text, ', ') as ids from old group by document order by document
) as o;
select test.refused(
  format('update doc.%1$I set doc_date = ''2025-02-02'' where %1$I_id in (%2$s)', o.document, o.ids),
  'RS403', 'period_open',
  'an old ' || o.document || ' is not moved out of the period'
)
from (
  select document, string_agg(id::text, ', ') as ids from old group by document order by document
) as o;
select test.refused(
  format('update doc.%1$I set doc_date = ''2025-01-31'' where %1$I_id in (%2$s)', o.document, o.ids),
  'RS403', 'period_open',
  'a fresh ' || o.document || ' is not moved into it'
)
from (
  select document, string_agg(id::text, ', ') as ids from fresh group by document order by document
) as o;
select test.refused(
  format('delete from doc.%1$I where %1$I_id in (%2$s)', o.document, o.ids),
  'RS403', 'period_open',
  'an old ' || o.document || ' is not deleted'
)
from (
  select document, string_agg(id::text, ', ') as ids from old group by document order by document
) as o;
select test.accepted(
  format('update doc.%1$I set amount = amount + 1 where %1$I_id in (%2$s)', o.document, o.ids),
  'a fresh ' || o.document || ' is changed'
)
from (
  select document, string_agg(id::text, ', ') as ids from fresh group by document order by document
) as o;
select test.refused(
  'update doc.invoice set account_id = (select b from given)
   where invoice_id in (select id from old)',
  'RS403', 'period_open',
  'an old one does not move to another account'
);
select test.refused(
  'update doc.payment set status = ''void'' where payment_id in (select id from old)',
  'RS403', 'period_open',
  'nor is it made void'
);
select test.refused(
  'merge into doc.payment as p using old as o on p.payment_id = o.id
   when matched then update set amount = 77',
  'RS403', 'period_open',
  'under MERGE neither'
);

select test.act_as(null);
select * from finish();

rollback;
