-- A good row becomes a document and leaves the inbox; each other row stays, with all its reasons.
begin;

select plan(8);

insert into ref.party (code, name) values ('A1', 'one');
insert into ref.account (party_id) select p.party_id from ref.party as p where p.code = 'A1';

insert into inbox.invoice (
  batch, row_no, party_code, side, currency, kind, doc_no, doc_date, due_date, amount,
  salesperson_code, auto_allocate
)
values
  ('f', 1, 'A1', null, null, null, '1', '2025-01-01', '2025-02-01', '1,000', null, null),
  ('f', 2, 'X9', null, null, null, '2', '2025-02-30', null, '-1.234', null, null),
  ('f', 3, 'A1', 'payable', null, null, '3', '2025-01-01', null, '5', null, null),
  ('f', 4, 'A1', null, 'usd', null, '4', '2025-01-01', null, '5', null, null),
  ('f', 5, 'A1', 'both', null, 'gift', '5', '2025-01-01', '1404/01/01', '5', 'S7', 'maybe'),
  ('f', 6, null, null, null, null, null, null, null, null, null, null),
  ('f', 7, 'A1', null, null, null, '7', '2025-01-01', null, '5', null, null),
  ('f', 8, 'A1', null, null, null, '7', '2025-01-01', null, '6', null, null),
  ('f', 9, 'A1', null, null, ' Debit_Note ', '9', '2025-01-01', null, '5', null, 'بله');

select results_eq(
  $$ select * from inbox.process('f') $$,
  $$ values ('invoice', 2::bigint, 0::bigint, 7::bigint) $$,
  'it says how many'
);
select results_eq(
  $$ select row_no, reason_code from inbox.invoice order by row_no $$,
  $$
  values
    (2, 'party_unknown, day_exists, amount_positive, amount_two_decimals'),
    (3, 'account_unknown'),
    (4, 'account_unknown'),
    (5, 'side_known, kind_known, day_looks_jalali, salesperson_unknown, auto_allocate_known'),
    (6, 'account_missing, doc_date_missing, amount_missing'),
    (7, 'given_once_in_a_batch'),
    (8, 'given_once_in_a_batch')
  $$,
  'every rule broken is named'
);
select ok(
  (
    select bool_and(reason <> '' and tried_at is not null) from inbox.invoice
  ),
  'in words too, and when'
);
select results_eq(
  $$ select kind, doc_no, amount::numeric from doc.invoice order by invoice_id $$,
  $$ values ('invoice', '1', 1000::numeric), ('debit_note', '9', 5) $$,
  'and the good ones are documents'
);

-- Put right, it passes at the next call.
update inbox.invoice set side = null, kind = null, due_date = null, salesperson_code = null,
  auto_allocate = null
where row_no = 5;
insert into ref.party (code, name) values ('X9', 'late');
insert into ref.account (party_id) select p.party_id from ref.party as p where p.code = 'X9';
select results_eq(
  $$ select * from inbox.process() $$,
  $$ values ('invoice', 1::bigint, 0::bigint, 6::bigint) $$,
  'a row put right passes at the next call'
);
select is(
  (select reason_code from inbox.invoice where row_no = 2),
  'day_exists, amount_positive, amount_two_decimals',
  'and the others are judged anew'
);

-- A load that says an impossible style is refused by its row, not by guessing.
insert into inbox.invoice (batch, party_code, doc_date, amount, date_style)
values ('g', 'A1', '2025-01-01', '5', 'hijri');
select results_eq(
  $$ select * from inbox.process('g') $$,
  $$ values ('invoice', 0::bigint, 0::bigint, 1::bigint) $$,
  'an unknown date style is refused'
);
select is(
  (select reason_code from inbox.invoice where batch = 'g'), 'date_style_known', 'by its name'
);

select * from finish();

rollback;
