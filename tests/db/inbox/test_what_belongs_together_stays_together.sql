-- Installments of an invoice, and legs of a set-off, become documents together or not at all.
begin;

select plan(9);

insert into ref.party (code, name) values ('A1', 'one'), ('A2', 'two');
insert into ref.account (party_id, side)
select p.party_id, s.side
from ref.party as p
cross join unnest(array['receivable', 'payable']) as s (side)
where p.code in ('A1', 'A2');

insert into inbox.invoice (batch, party_code, doc_no, doc_date, amount)
select 'f', 'A1', i::text, '2025-01-01', '100' from generate_series(1, 4) as i;
insert into inbox.installment (batch, party_code, invoice_no, line_no, due_date, amount)
values
  ('f', 'A1', '1', '1', '2025-02-01', '40'), ('f', 'A1', '1', '2', '2025-03-01', '60'),
  ('f', 'A1', '2', '1', '2025-02-01', '40'), ('f', 'A1', '2', '2', '2025-03-01', '50'),
  ('f', 'A1', '3', '1', '2025-02-30', '40'), ('f', 'A1', '3', '2', '2025-03-01', '60'),
  ('f', 'A1', '9', '1', '2025-02-01', '100');
insert into inbox.set_off (batch, party_code, side, set_off_no, doc_date, amount)
values
  ('f', 'A1', 'receivable', 'T1', '2025-02-01', '30'),
  ('f', 'A2', 'payable', 'T1', '2025-02-01', '30'),
  ('f', 'A1', 'receivable', 'T2', '2025-02-01', '30'),
  ('f', 'A2', 'payable', 'T2', '2025-02-01', '31');

select results_eq(
  $$ select * from inbox.process('f') $$,
  $$
  values
    ('invoice', 4::bigint, 0::bigint, 0::bigint),
    ('installment', 2, 0, 5),
    ('set_off', 2, 0, 2)
  $$,
  'what adds up passes'
);
select results_eq(
  $$ select invoice_no, line_no, reason_code from inbox.installment order by inbox_id $$,
  $$
  values
    ('2', '1', 'installments_add_up'),
    ('2', '2', 'installments_add_up'),
    ('3', '1', 'day_exists'),
    ('3', '2', 'unit_whole'),
    ('9', '1', 'invoice_unknown')
  $$,
  'what does not add up, and what belongs to a refused row, stays'
);
select results_eq(
  $$ select distinct set_off_no, reason_code from inbox.set_off $$,
  $$ values ('T2', 'set_off_balances') $$,
  'so do both legs of a set-off'
);
select lives_ok('set constraints all immediate', 'nothing is left to be refused at commit');
set constraints all deferred;

delete from inbox.installment;
delete from inbox.set_off;

-- An invoice and its installments change in one load.
insert into inbox.invoice (batch, party_code, doc_no, doc_date, amount)
values ('g', 'A1', '1', '2025-01-01', '120');
insert into inbox.installment (batch, party_code, invoice_no, line_no, due_date, amount)
values
  ('g', 'A1', '1', '1', '2025-02-01', '40'), ('g', 'A1', '1', '2', '2025-03-01', '80');
select results_eq(
  $$ select * from inbox.process('g') $$,
  $$ values ('invoice', 1::bigint, 0::bigint, 0::bigint), ('installment', 1, 1, 0) $$,
  'an invoice and its installments change together'
);

-- But not the invoice alone.
insert into inbox.invoice (batch, party_code, doc_no, doc_date, amount)
values ('h', 'A1', '1', '2025-01-01', '130'), ('h', 'A1', '4', '2025-01-01', '130');
select results_eq(
  $$ select * from inbox.process('h') $$,
  $$ values ('invoice', 1::bigint, 0::bigint, 1::bigint) $$,
  'an invoice does not leave its installments behind'
);
select is((select reason_code from inbox.invoice), 'installments_add_up', 'and says why');
select is(
  (select amount::numeric from doc.invoice where doc_no = '4'), 130::numeric,
  'while one without installments changes'
);
select lives_ok('set constraints all immediate', 'nothing is left to be refused at commit');

select * from finish();

rollback;
