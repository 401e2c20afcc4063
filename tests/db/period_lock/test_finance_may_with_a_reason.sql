-- A member of rasid_finance may touch a closed period, with a reason, which is kept.
begin;

select plan(14);

create temporary table given as select test.make_account() as a;
create temporary table made as
select a, test.make_payment(a, 30, '2025-01-12') as payment_id from given;
select ref.close_period('2025-01-31', 'January');
grant select on made, given to public;

select test.refused(
  'insert into doc.payment (account_id, amount, doc_date) select a, 1, ''2025-01-12'' from given',
  'RS404', 'lock_reason_given',
  'a superuser, who is a member of every role, not without a reason'
);
set local rasid.lock_reason = 'bank statement';
select test.act_as('integrator');
select test.refused(
  'insert into doc.payment (account_id, amount, doc_date) select a, 1, ''2025-01-12'' from given',
  'RS403', 'period_open',
  'an integrator not with a reason either'
);
select test.act_as(null);
set local rasid.lock_reason = ' ';
select test.act_as('finance');
select test.refused(
  'update doc.payment set amount = 31 from made where payment.payment_id = made.payment_id',
  'RS404', 'lock_reason_given',
  'the finance desk not without one'
);
set local rasid.lock_reason = 'bank statement';
select test.accepted(
  'update doc.payment set amount = 31 from made where payment.payment_id = made.payment_id',
  'with one it changes'
);
select test.accepted(
  'insert into doc.payment (account_id, payment_id, amount, doc_date)
   select a, 17000000000001 + n, 1, date ''2025-01-30'' + n from given, generate_series(0, 3) as n',
  'writes'
);
select test.accepted(
  'delete from doc.payment using made where payment.payment_id = made.payment_id', 'and deletes'
);
select results_eq(
  $$
    select c.action, c.row_key::bigint = m.payment_id, c.reason, c.login::text
    from audit.change as c, made as m
    where c.table_name = 'doc.payment' and c.transaction_id = pg_current_xact_id()
    order by c.change_id
  $$,
  $$
    select action, is_old, 'bank statement', session_user::text collate "default"
    from (values ('update', true), ('insert', false), ('insert', false), ('delete', true))
      as e (action, is_old)
  $$,
  'and the audit has each with its reason, of the new ones those of the closed period alone'
);
select is(
  (
    select string_agg(concat_ws(' ', h.action, h.reason), ', ')
    from given, audit.history('payment', a, 17000000000001) as h
  ),
  'created bank statement',
  'such a document is created once in its story'
);
select test.accepted(
  'insert into doc.cheque
     (account_id, serial_no, amount, doc_date, due_date, status, status_date, cleared_on)
   select a, v.* from given, (
     values
       (''handed over'', 1, date ''2025-01-31'', date ''2025-03-01'', ''in_hand'',
         date ''2025-02-01'', null::date),
       (''cleared'', 1, ''2025-02-02'', ''2025-03-01'', ''cleared'', ''2025-02-02'', ''2025-01-31''),
       (''open'', 1, ''2025-02-01'', ''2025-03-01'', ''in_hand'', ''2025-02-01'', null)
   ) as v',
  'it writes cheques'
);
select results_eq(
  $$
    select q.serial_no, c.reason
    from audit.change as c
    join doc.cheque as q on q.cheque_id = c.row_key::bigint
    where c.table_name = 'doc.cheque' and c.action = 'insert'
    order by c.change_id
  $$,
  $$values ('handed over', 'bank statement'), ('cleared', 'bank statement')$$,
  'kept are those with a day in the closed period'
);
select test.act_as(null);

set local rasid.lock_reason = '';
select ref.close_period('2025-02-28', 'February');
select test.act_as('finance');
select test.refused(
  'insert into doc.payment (account_id, amount, doc_date) select a, 1, ''2025-02-28'' from given',
  'RS404', 'lock_reason_given',
  'the latest closing counts'
);
select test.accepted(
  'select ref.reopen_period(''2025-01-31'', ''wrong month'')', 'the desk reopens'
);
select test.accepted(
  'insert into doc.payment (account_id, amount, doc_date) select a, 1, ''2025-02-28'' from given',
  'and all after it is open too'
);
select results_eq(
  $$
    select row_key, reason from audit.change
    where table_name = 'ref.period_lock' and action = 'delete' order by row_key
  $$,
  $$values ('2025-01-31', 'wrong month'), ('2025-02-28', 'wrong month')$$,
  'the audit has what was closed, and why it was opened'
);
select test.act_as(null);

select * from finish();

rollback;
