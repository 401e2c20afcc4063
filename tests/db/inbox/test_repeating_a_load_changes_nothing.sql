-- The same rows again change nothing; a row that says something else changes its document.
begin;

select plan(17);

create procedure pg_temp.again(p_amount text default '100')
language sql
as $$
  insert into inbox.party (batch, code, name) values ('f', 'A1', 'one');
  insert into inbox.account (batch, party_code, credit_limit) values ('f', 'A1', '1,000');
  insert into inbox.invoice (batch, party_code, source, external_id, doc_date, amount)
  values ('f', 'A1', 'erp', '77', '2025-01-01', p_amount);
  insert into inbox.invoice (batch, party_code, doc_no, doc_date, amount)
  values ('f', 'A1', '1', '2025-01-01', '50'), ('f', 'A1', '1', '2024-01-01', '60');
  insert into inbox.payment (batch, party_code, doc_date, amount, invoice_no)
  values
    ('f', 'A1', '2025-01-05', '10', null),
    ('f', 'A1', '2025-01-05', '10', null),
    ('f', 'A1', '2025-01-06', '10.00', null);
  insert into inbox.payment (batch, party_code, external_id, doc_date, amount)
  values ('f', 'A1', 'p1', '2025-01-05', '10'), ('f', 'A1', 'p1', '2025-01-05', '10');
$$;

call pg_temp.again();
select results_eq(
  $$ select * from inbox.process('f') $$,
  $$
  values
    ('party', 1::bigint, 0::bigint, 0::bigint),
    ('account', 1, 0, 0),
    ('invoice', 3, 0, 0),
    ('payment', 4, 1, 0)
  $$,
  'the first time all of it is new, but for a row given twice'
);
select is(
  (select count(*) from doc.payment where doc_date = '2025-01-05' and external_id like 'row:%'),
  2::bigint,
  'two equal rows that nothing tells apart are two payments'
);
select is(
  (select count(*) from doc.invoice where doc_no = '1'), 2::bigint,
  'a number that comes again on another day is another invoice'
);

create temp table stamp on commit drop as
select invoice_id as id, updated_at, amount::numeric as amount from doc.invoice
union all
select payment_id, updated_at, amount from doc.payment;

call pg_temp.again();
select results_eq(
  $$ select * from inbox.process('f') $$,
  $$
  values
    ('party', 0::bigint, 1::bigint, 0::bigint),
    ('account', 0, 1, 0),
    ('invoice', 0, 3, 0),
    ('payment', 0, 5, 0)
  $$,
  'the second time nothing is'
);
select set_eq(
  $$
  select invoice_id as id, updated_at, amount::numeric as amount from doc.invoice
  union all
  select payment_id, updated_at, amount from doc.payment
  $$,
  'select * from pg_temp.stamp',
  'and no row was touched'
);
select is_empty('select from inbox.invoice', 'the inbox is empty');

call pg_temp.again('120');
select results_eq(
  $$ select * from inbox.process('f') where document = 'invoice' $$,
  $$ values ('invoice', 1::bigint, 2::bigint, 0::bigint) $$,
  'a row that says something else'
);
select is(
  (select amount::numeric from doc.invoice where external_id = '77'), 120::numeric,
  'changes its document'
);

-- An empty value says nothing.
update doc.invoice set status = 'void', note = 'by hand' where external_id = '77';
call pg_temp.again('120');
select results_eq(
  $$ select * from inbox.process('f') where document = 'invoice' $$,
  $$ values ('invoice', 0::bigint, 3::bigint, 0::bigint) $$,
  'what the file does not say'
);
select is(
  (select status || ' ' || note from doc.invoice where external_id = '77'), 'void by hand',
  'stays as people made it'
);

-- News of a document that is known need not repeat it.
insert into inbox.invoice (batch, party_code, source, external_id, status)
values ('f', 'A1', 'erp', '77', 'active'), ('f', 'A1', 'erp', '78', 'active');
select results_eq(
  $$ select * from inbox.process('f') $$,
  $$ values ('invoice', 1::bigint, 0::bigint, 1::bigint) $$,
  'a part of a known document is enough'
);
select is(
  (select reason_code from inbox.invoice), 'doc_date_missing, amount_missing',
  'but not of a new one'
);

-- Every source counts for itself.
insert into inbox.invoice (batch, party_code, source, external_id, doc_date, amount)
values ('h', 'A1', 'shop', '77', '2025-01-02', '30');
select results_eq(
  $$ select * from inbox.process('h') $$,
  $$ values ('invoice', 1::bigint, 0::bigint, 0::bigint) $$,
  'the same id from another source'
);
select results_eq(
  $$
  select source, amount::numeric from doc.invoice where external_id = '77' order by source
  $$,
  $$ values ('erp', 120::numeric), ('shop', 30) $$,
  'is another document'
);

-- The day on which a cheque cleared, put right.
create function pg_temp.cleared(p_status_date text, p_cleared_on text default null)
returns text
language plpgsql
as $$
begin
  insert into inbox.cheque
    (batch, party_code, external_id, doc_date, due_date, amount, status, status_date, cleared_on)
  values ('g', 'A1', 'q', '2025-01-05', '2025-02-01', '10', 'cleared', p_status_date, p_cleared_on);
  perform inbox.process('g');
  return (
    select q.status_date || ' ' || q.cleared_on from doc.cheque as q where q.external_id = 'q'
  );
end
$$;
select is(
  pg_temp.cleared('2025-03-03') || ', ' || pg_temp.cleared('2025-02-03'),
  '2025-03-03 2025-03-03, 2025-02-03 2025-02-03',
  'goes with the day of the state'
);
select is(pg_temp.cleared('2025-02-05', '2025-02-03'), '2025-02-05 2025-02-03', 'if it is not said');
select is(pg_temp.cleared('2025-02-06'), '2025-02-06 2025-02-03', 'what was said stays');

select * from finish();

rollback;
