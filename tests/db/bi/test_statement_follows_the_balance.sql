-- A statement of account: its balances are those of the account as of each of its days.
begin;

select plan(15);

set local rasid.today = '2025-12-31';
create temp table t as
select
  test.make_account() as account_id,
  test.make_account() as other,
  test.make_account(p_side => 'payable') as payable;
create temp table c as
select
  account_id,
  test.make_invoice(account_id, 1000, '2025-01-10') as invoice_id,
  test.make_cheque(account_id, 600, '2025-02-01', '2025-03-01') as cheque_id,
  test.make_cheque(account_id, 50, '2025-02-02', '2025-04-01', 'submitted') as told,
  test.make_cheque(account_id, 70, '2025-02-03', '2025-04-01', p_kind => 'guarantee') as held,
  test.make_payment(account_id, 100, '2025-02-10') as payment_id,
  test.make_payment(other, 9, '2025-02-10') as elsewhere,
  test.make_invoice(payable, 80, '2025-05-01') as owed,
  test.make_payment(payable, 30, '2025-05-02') as paid
from t;
update doc.cheque as q set status = 'bounced', status_date = '2025-03-05'
from c where q.account_id = c.account_id and q.cheque_id = c.cheque_id;
update doc.cheque as q set status = 'deposited', status_date = '2025-03-20'
from c where q.account_id = c.account_id and q.cheque_id = c.cheque_id;
insert into doc.payment (account_id, cheque_id, amount, doc_date)
select account_id, cheque_id, 200, '2025-03-25' from c;
do $$
begin
  perform test.make_invoice(account_id, 5, '2026-02-01') from t;
end
$$;

select results_eq(
  $$
    select s.day, s.document_type, s.event, s.debit_amount, s.credit_amount, s.balance
    from t cross join lateral bi.statement(account_id) as s
    order by s.row_no
  $$,
  $$
    values
      (null::date, null::text, 'opening', null::numeric, null::numeric, 0::numeric),
      ('2025-01-10', 'invoice', null, 1000, null, 1000),
      ('2025-02-01', 'cheque', 'received', null, 600, 400),
      ('2025-02-10', 'payment', null, null, 100, 300),
      ('2025-03-05', 'cheque', 'bounced', 600, null, 900),
      ('2025-03-20', 'cheque', 'deposited', null, 600, 300),
      ('2025-03-25', 'cheque', 'part_paid', 200, null, 500),
      ('2025-03-25', 'payment', null, null, 200, 300),
      ('2026-02-01', 'invoice', null, 5, null, 305)
  $$,
  'counted documents alone, a bounce as two movements, a part the bank paid beside its payment'
);
select results_eq(
  $$
    select s.balance from t cross join lateral bi.statement(account_id) as s
    order by s.row_no desc limit 1
  $$,
  'select balance from bi.account join t using (account_id)',
  'in the end it is the balance of the account'
);
select is_empty(
  $$
    select d.day, s.balance, f.balance
    from t
    cross join generate_series(date '2025-01-01', '2026-03-01', interval '1 day') as d(day)
    cross join lateral (
      select s.balance
      from bi.statement(t.account_id, null, d.day::date) as s
      order by s.row_no desc
      limit 1
    ) as s
    join lateral (
      select f.balance from bi.account_as_of(d.day::date) as f where f.account_id = t.account_id
    ) as f on true
    where f.balance <> s.balance
  $$,
  'and up to any day the balance as of that day'
);
select results_eq(
  $$
    select s.row_no, s.event, s.balance
    from t cross join lateral bi.statement(account_id, '2025-03-05', '2025-03-20') as s
    order by s.row_no
  $$,
  $$values (0, 'opening', 300::numeric), (1, 'bounced', 900), (2, 'deposited', 300)$$,
  'between two days it opens with what was before'
);
select results_eq(
  $$
    select s.event, s.debit_amount, s.credit_amount, s.balance
    from t cross join lateral bi.statement(payable) as s
    where s.row_no > 0
    order by s.row_no
  $$,
  $$values (null::text, null::numeric, 80::numeric, 80::numeric), (null, 30, null, 50)$$,
  'what we owe rises on the creditor side'
);
call test.open('day');
insert into doc.payment (account_id, payment_id, doc_date, amount)
values (test.account('day'), 1, '2025-05-01', 10), (test.account('day'), 5, '2025-05-01', 20);
insert into doc.cheque (account_id, cheque_id, serial_no, sayad_id, doc_date, due_date, amount)
values
  (test.account('day'), 3, 'A-3', '1111111111111113', '2025-05-01', '2025-05-01', 30),
  (test.account('day'), 4, null, '1111111111111114', '2025-05-01', '2025-05-01', 40);
insert into doc.invoice (account_id, invoice_id, doc_date, amount)
values (test.account('day'), 2, '2025-05-01', 100);
select results_eq(
  $$
    select s.document_id, s.doc_no, s.balance from bi.statement(test.account('day')) as s
    where s.row_no > 0
    order by s.row_no
  $$,
  $$
    values (2::bigint, null, 100::numeric), (1, null, 90), (3, 'A-3', 60),
      (4, '1111111111111114', 20), (5, null, 0)
  $$,
  'of one day the invoices first, then what lowers them as it was entered'
);
update doc.cheque as q set status = 'in_hand', status_date = '2025-06-01'
from c where q.account_id = c.account_id and q.cheque_id = c.told;
select results_eq(
  $$
    select s.day, s.event from t cross join lateral bi.statement(account_id) as s
    join c on s.document_id = c.told and s.document_type = 'cheque'
  $$,
  $$values (date '2025-06-01', 'received')$$,
  'a cheque that was told counts from the day it was accepted'
);
update doc.payment as p set status = 'void'
from c where p.account_id = c.account_id and p.payment_id = c.payment_id;
select is_empty(
  $$
    select s.row_no from t cross join lateral bi.statement(account_id) as s
    join c on s.document_id = c.payment_id and s.document_type = 'payment'
  $$,
  'a void payment is not told'
);
select results_eq(
  'select s.balance from t cross join lateral bi.statement(other, null, ''2025-01-01'') as s',
  'values (0::numeric)',
  'nothing yet: the opening balance alone'
);
select results_eq(
  'select s.row_no, s.balance from t cross join lateral
    bi.statement(account_id, ''2025-03-10'', ''2025-02-01'') as s',
  'values (0, 1000::numeric)',
  'days the wrong way round: what was owed before the first, and nothing moves'
);
select test.refused(
  format('select bi.statement(%s, ''1404-01-01'')', account_id), '23514', 'day_in_calendar',
  'from a Jalali day: refused, not a statement of another time'
) from t;
select test.refused(
  format('select bi.statement(%s, null, ''1404-01-01'')', account_id), '23514', 'day_in_calendar',
  'nor to one'
) from t;
select is_empty('select row_no from bi.statement(0)', 'no such account, no row');
select test.refused(
  'select bi.statement(0, ''1404-01-01'')', '23514', 'day_in_calendar',
  'no Jalali day either where nothing has to be looked up'
);

-- Each cheque tells of itself, and a payment has its own number.
create temp table several as select test.make_account() as account_id;
insert into doc.payment (account_id, doc_no, doc_date, amount)
select account_id, 'P-1', '2025-01-01', 5 from several;
insert into doc.cheque (account_id, serial_no, doc_date, due_date, amount)
select account_id, n, '2025-01-02', '2025-02-01', 10 from several, unnest('{one,two}'::text[]) as n;
update doc.cheque set status = 'bounced', status_date = '2025-03-01'
where account_id = (select account_id from several) and serial_no = 'one';
update doc.cheque set status = 'deposited', status_date = '2025-02-15'
where account_id = (select account_id from several) and serial_no = 'two';
select results_eq(
  $$
    select s.day, s.doc_no, s.event
    from several cross join lateral bi.statement(account_id) as s
    where s.row_no > 0
    order by s.day, s.doc_no
  $$,
  $$
    values (date '2025-01-01', 'P-1', null), ('2025-01-02', 'one', 'received'),
      ('2025-01-02', 'two', 'received'), ('2025-03-01', 'one', 'bounced')
  $$,
  'one bounces, whatever is entered of the other'
);

select * from finish();

rollback;
