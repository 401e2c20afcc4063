-- Who enters, changes or deletes what comes before others, in any table, is told how many had to be
-- allocated anew.
begin;

select plan(3);

create temp table told (replayed bigint);
grant insert on told to public;
create or replace function calc.tell_replay(p_count bigint)
returns void
language sql
as $$
  insert into pg_temp.told values (p_count)
$$;

-- Whether a statement tells, once, of the documents that come after what it writes.
create function pg_temp.is_told(p_sql text, p_documents int default 40)
returns boolean
language plpgsql
as $$
begin
  delete from pg_temp.told;
  execute p_sql;
  return (select count(*) = 1 and sum(t.replayed) >= p_documents from pg_temp.told t);
end
$$;

-- 20 invoices, each settled on the day after it.
create temp table t as
select test.make_account() as account_id, test.make_account() as other_id;
do $$
begin
  perform
    test.make_invoice(a.account_id, 100, d::date),
    test.make_payment(a.account_id, 100, d::date + 1)
  from t
  cross join lateral (values (t.account_id), (t.other_id)) as a (account_id)
  cross join generate_series(date '2025-02-01', '2025-02-20', interval '1 day') as d;
end
$$;

create temp table early (
  place int, name text, row text, change text default 'amount = amount - 1'
);
insert into early
values
  (1, 'invoice', '(account_id, doc_date, amount) select account_id, ''2025-01-01'', 60 from t'),
  (2, 'installment', '(account_id, invoice_id, line_no, due_date, amount)
    select account_id, (select max(invoice_id) from doc.invoice), 1, ''2025-01-01'', 59 from t'),
  (3, 'payment', '(account_id, doc_date, amount) select account_id, ''2025-01-01'', 10 from t'),
  (4, 'set_off', '(account_id, set_off_no, doc_date, amount)
    select account_id, ''S'', ''2025-01-01'', 10 from t'),
  (5, 'credit_note', '(account_id, doc_date, amount)
    select account_id, ''2025-01-01'', 10 from t'),
  (6, 'adjustment', '(account_id, kind, doc_date, amount)
    select account_id, ''discount'', ''2025-01-01'', 10 from t'),
  (7, 'cheque', '(account_id, doc_date, due_date, amount)
    select account_id, ''2025-01-01'', ''2025-01-01'', 10 from t'),
  -- The last document there is, but a part that the bank paid of the cheque before it.
  (8, 'payment', '(account_id, doc_date, amount, cheque_id)
    select account_id, ''2025-03-01'', 2, (select max(cheque_id) from doc.cheque) from t'),
  (9, 'pin', '(account_id, payment_id, invoice_id, amount)
    select account_id, (select min(payment_id) from doc.payment),
      (select max(invoice_id) from doc.invoice), 2 from t');

update early set change = 'due_date = due_date + 1' where name = 'installment';

-- The newest of a table is the one inserted last.
select is_empty(
  $$
    select s.*
    from early as e
    cross join lateral (
      values
        (1, format('insert into doc.%I %s', e.name, e.row)),
        (2, format(
          'update doc.%1$I set %2$s where %1$s_id = (select max(%1$s_id) from doc.%1$I)',
          e.name, e.change
        ))
    ) as s (step, statement)
    where not pg_temp.is_told(s.statement)
  $$,
  'of what is entered, and changed'
);
select is_empty(
  $$
    select e.name
    from (select e.name from early as e order by e.place desc offset 0) as e
    where not pg_temp.is_told(format(
      'delete from doc.%1$I where %1$s_id = (select max(%1$s_id) from doc.%1$I)', e.name
    ))
  $$,
  'of what is deleted'
);
select ok(
  pg_temp.is_told(
    $$
      insert into doc.payment (account_id, doc_date, amount)
      select unnest(array[account_id, other_id]), '2025-01-01', 10 from t
    $$,
    80
  ),
  'and of all accounts together'
);

select * from finish();
rollback;
