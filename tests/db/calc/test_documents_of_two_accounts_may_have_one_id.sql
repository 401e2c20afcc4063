-- An id is known within its account: what is done to a document leaves the one with the same id on
-- another account alone.
begin;

select plan(3);

call test.open();
insert into ref.payment_term (payment_term_id, name) values (901, 'halves');
insert into ref.payment_term_line (payment_term_id, line_no, days, percent)
values (901, 1, 0, 50), (901, 2, 30, 50);
call test.open('b');

create temp table step (place int, statement text);
insert into step
values
  (0, 'insert into doc.invoice (account_id, invoice_id, doc_date, amount, payment_term_id)
    values (%1$s, 1, ''2025-01-0%2$s'', %2$s00, 901)'),
  (1, 'insert into doc.installment
      (account_id, installment_id, invoice_id, line_no, due_date, amount)
    values (%1$s, 3, 1, 1, ''2025-01-31'', %2$s00)'),
  (2, 'insert into doc.payment (account_id, payment_id, doc_date, amount)
    values (%1$s, 11, ''2025-02-0%2$s'', %2$s0)'),
  (3, 'insert into doc.cheque (account_id, cheque_id, doc_date, due_date, amount, status)
    values (%1$s, 12, ''2025-03-0%2$s'', ''2025-04-0%2$s'', %2$s1, ''submitted'')'),
  (4, 'update doc.cheque set status = ''in_hand'', doc_date = doc_date + 1
    where account_id = %1$s and cheque_id = 12'),
  (5, 'insert into doc.credit_note (account_id, credit_note_id, doc_date, amount)
    values (%1$s, 13, ''2025-03-1%2$s'', %2$s)'),
  (6, 'insert into doc.invoice (account_id, invoice_id, doc_date, amount, payment_term_id)
    values (%1$s, 2, ''2025-05-0%2$s'', %2$s00, 901)'),
  (7, 'insert into doc.payment (account_id, payment_id, doc_date, amount, cheque_id)
    values (%1$s, 14, ''2025-05-1%2$s'', %2$s, 12)'),
  (8, 'update doc.payment set amount = amount + 1 where account_id = %1$s and payment_id = 11'),
  (9, 'update doc.payment set value_date = doc_date + %2$s
    where account_id = %1$s and payment_id = 11'),
  (10, 'insert into doc.pin (account_id, pin_id, payment_id, invoice_id)
    values (%1$s, 61, 11, 2)'),
  (11, 'update doc.cheque set status = ''bounced'' where account_id = %1$s and cheque_id = 12'),
  (12, 'update doc.invoice set doc_date = doc_date + 1 where account_id = %1$s and invoice_id = 1'),
  (13, 'delete from doc.pin where account_id = %1$s'),
  (14, 'delete from doc.payment where account_id = %1$s and payment_id = 11'),
  (15, 'delete from doc.invoice where account_id = %1$s and invoice_id = 2');

-- The rows that are wrong after a statement on each of the two.
create function pg_temp.wrong_after(p_statement text)
returns bigint
language plpgsql
as $$
declare
  v_count bigint := 0;
begin
  for i in 1 .. 2 loop
    execute format(p_statement, test.account(('{a,b}'::text[])[i]), i);
    set constraints all immediate;
    set constraints all deferred;
    v_count := v_count + (select count(*) from calc.verify());
  end loop;
  return v_count;
end
$$;
select is_empty(
  $$
    select s.*
    from (select s.* from step as s order by s.place offset 0) as s
    where pg_temp.wrong_after(s.statement) > 0
  $$,
  'nothing is wrong after any statement'
);
select is(
  test.settled() || '; ' || test.settled(test.account('b')),
  '13>1.1 1 auto, 14>1.1 1 auto; 13>1.1 2 auto, 14>1.1 2 auto',
  'each account has its own'
);
select results_eq(
  $$
    select e.account_id = test.account('b'), e.event_date::date from doc.cheque_event as e
    where e.from_status is null order by 1
  $$,
  $$values (false, date '2025-03-02'), (true, '2025-03-03')$$,
  'the events of a cheque too'
);

select * from finish();

rollback;
