-- What only the tables themselves refuse is found row by row, and the rest passes.
begin;

select plan(11);

insert into ref.party (code, name) values ('A1', 'one');
insert into ref.account (party_id) select p.party_id from ref.party as p where p.code = 'A1';

insert into inbox.cheque (
  batch, row_no, party_code, external_id, doc_date, due_date, amount, status
)
select 'f', i, 'A1', i::text, '2025-01-01', '2025-06-01', '100', 'in_hand'
from generate_series(1, 50) as i;
select results_eq(
  $$ select * from inbox.process('f') $$,
  $$ values ('cheque', 50::bigint, 0::bigint, 0::bigint) $$,
  'fifty cheques'
);

insert into inbox.cheque (batch, row_no, party_code, external_id, status, status_date)
select 'g', i, 'A1', i::text, case when i in (7, 31) then 'submitted' else 'deposited' end,
  '2025-06-01'
from generate_series(1, 50) as i;
select results_eq(
  $$ select * from inbox.process('g') $$,
  $$ values ('cheque', 48::bigint, 0::bigint, 2::bigint) $$,
  'two of them can''t take the step'
);
select results_eq(
  $$ select row_no, reason_code from inbox.cheque order by row_no $$,
  $$ values (7, 'cheque_transition_known'), (31, 'cheque_transition_known') $$,
  'and they say so'
);
select is(
  (select count(*) from doc.cheque where status = 'deposited' and status_date = '2025-06-01'),
  48::bigint,
  'the others took it on their day'
);
delete from inbox.cheque;

-- A state without its day is of today.
insert into inbox.cheque (batch, party_code, external_id, status)
values ('h', 'A1', '1', 'cleared');
select lives_ok($$ select inbox.process('h') $$, 'news without a day');
select is(
  (select cleared_on::date from doc.cheque where external_id = '1'), calc.today(), 'is of today'
);

-- The same Sayad id under two external ids.
insert into inbox.cheque (
  batch, row_no, party_code, external_id, sayad_id, doc_date, due_date, amount
)
values
  ('i', 1, 'A1', 's1', '1234567890123456', '2025-01-01', '2025-02-01', '5'),
  ('i', 2, 'A1', 's2', '۱۲۳۴ ۵۶۷۸ ۹۰۱۲ ۳۴۵۶', '2025-01-01', '2025-02-01', '5');
select results_eq(
  $$ select * from inbox.process('i') $$,
  $$ values ('cheque', 1::bigint, 0::bigint, 1::bigint) $$,
  'of two cheques with one Sayad id one is new'
);
select results_eq(
  $$ select row_no, reason_code from inbox.cheque $$,
  $$ values (2, 'cheque_sayad_id_unique') $$,
  'and the second is refused'
);


-- What no index can hold.
delete from inbox.cheque;
insert into inbox.payment (batch, party_code, doc_no, doc_date, amount)
select 'j', 'A1', n.doc_no, '2025-01-01', '5'
from (
  select string_agg(md5(i::text), '') from generate_series(1, 1000) as i
  union all
  select '1'
) as n (doc_no);
select results_eq(
  $$ select * from inbox.process('j') $$,
  $$ values ('payment', 1::bigint, 0::bigint, 1::bigint) $$,
  'a text that no index can hold is refused by itself'
);

-- The database's own trouble is nobody's row.
create function pg_temp.fail() returns trigger language plpgsql as $$
begin
  raise exception using errcode = '40001', message = 'later';
end
$$;
create trigger fail before insert on doc.payment for each row execute function pg_temp.fail();
insert into inbox.payment (batch, party_code, doc_no, doc_date, amount)
values ('k', 'A1', '2', '2025-01-01', '5');
select throws_ok(
  $$ select * from inbox.process('k') $$, '40001', null, 'a conflict to retry ends the call'
);
select is((select reason from inbox.payment where batch = 'k'), null, 'and blames no row');

select * from finish();

rollback;
