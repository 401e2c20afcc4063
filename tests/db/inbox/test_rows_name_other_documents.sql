-- Rows name other documents of their account by external id or number; a named invoice is pinned.
begin;

select plan(15);

insert into inbox.party (batch, code, name) values ('f', 'A1', 'one'), ('f', 'A2', 'two');
insert into inbox.account (batch, party_code) values ('f', 'A1'), ('f', 'A2');
insert into inbox.invoice (batch, party_code, source, external_id, doc_no, doc_date, amount)
values
  ('f', 'A1', 'erp', 'i1', '۱', '2025-01-01', '100'),
  ('f', 'A1', 'erp', 'i2', '2', '2025-01-02', '100'),
  ('f', 'A1', 'erp', 'i3', '2', '2025-01-03', '100'),
  ('f', 'A2', 'erp', 'i4', '4', '2025-01-03', '100');
insert into inbox.cheque (
  batch, party_code, source, external_id, sayad_id, doc_date, due_date, amount, status,
  replaces_cheque_external_id, invoice_external_id
)
values
  ('f', 'A1', 'erp', 'c2', null, '2025-03-01', '2025-04-01', '50', null, 'c1', null),
  ('f', 'A1', 'erp', 'c1', '1234567890123456', '2025-01-05', '2025-02-01', '50', 'bounced', null,
    'i1');
insert into inbox.payment (
  batch, party_code, source, external_id, doc_no, doc_date, amount, invoice_no,
  invoice_external_id, cheque_sayad_id
)
values
  ('f', 'A1', 'bank', 'p1', 'r1', '2025-01-05', '10', '1', null, null),
  ('f', 'A1', 'bank', 'p2', 'r2', '2025-01-05', '10', '2', null, null),
  ('f', 'A1', 'erp', 'p3', 'r3', '2025-01-05', '10', null, 'i2', '1234-5678'),
  ('f', 'A1', 'erp', 'p4', 'r4', '2025-01-05', '10', null, 'i4', null),
  ('f', 'A1', 'erp', 'p5', 'r5', '2025-01-05', '10', null, 'i3', '1234567890123456');
insert into inbox.credit_note (batch, party_code, doc_no, doc_date, amount, kind, invoice_no)
values ('f', 'A1', 'n1', '2025-01-05', '10', 'price', '1');
insert into inbox.adjustment (batch, party_code, doc_no, doc_date, amount, kind, invoice_no)
values ('f', 'A1', 'n1', '2025-01-05', '10', 'discount', '404');
insert into inbox.pin (
  batch, party_code, source, payment_no, cheque_external_id, invoice_no, amount
)
values
  ('f', 'A1', 'erp', 'r5', null, '1', '5'),
  ('f', 'A1', 'erp', 'r5', 'c1', '1', '5'),
  ('f', 'A1', 'erp', 'r404', null, '1', '5'),
  ('f', 'A1', 'erp', null, null, null, '5');

select results_eq(
  $$ select * from inbox.process('f') $$,
  $$
  values
    ('party', 2::bigint, 0::bigint, 0::bigint),
    ('account', 2, 0, 0),
    ('invoice', 4, 0, 0),
    ('cheque', 2, 0, 0),
    ('payment', 2, 0, 3),
    ('credit_note', 1, 0, 0),
    ('adjustment', 0, 0, 1),
    ('pin', 1, 0, 3)
  $$,
  'parties, accounts and documents in one call'
);
select results_eq(
  $$ select external_id, reason_code from inbox.payment order by external_id $$,
  $$
  values
    ('p2', 'invoice_ambiguous'),
    ('p3', 'cheque_sayad_id_format'),
    ('p4', 'invoice_unknown')
  $$,
  'a number that two invoices have, a Sayad id cut short, an invoice of another account'
);
select is((select reason_code from inbox.adjustment), 'invoice_unknown', 'no such invoice');
select results_eq(
  $$ select reason_code from inbox.pin order by inbox_id $$,
  $$
  values
    ('pin_names_one_credit'), ('payment_unknown'), ('invoice_missing, pin_names_one_credit')
  $$,
  'pins that name two credits, an unknown one, none'
);
select results_eq(
  $$
  select coalesce(p.external_id, c.external_id), i.external_id, n.amount::numeric
  from doc.pin as n
  join doc.invoice as i using (account_id, invoice_id)
  left join doc.payment as p on p.account_id = n.account_id and p.payment_id = n.payment_id
  left join doc.cheque as c on c.account_id = n.account_id and c.cheque_id = n.cheque_id
  order by 1, 2
  $$,
  $$
  values
    ('c1', 'i1', null::numeric), ('p1', 'i1', null), ('p5', 'i1', 5::numeric), ('p5', 'i3', null)
  $$,
  'a credit that names an invoice is pinned to it'
);
select is(
  (
    select o.external_id
    from doc.cheque as c
    join doc.cheque as o on o.account_id = c.account_id and o.cheque_id = c.replaces_cheque_id
  ),
  'c1',
  'a cheque replaces one that comes later in the file'
);
select is(
  (
    select c.external_id
    from doc.payment as p
    join doc.cheque as c using (account_id, cheque_id)
  ),
  'c1',
  'a payment names its cheque by the Sayad id'
);
select is(
  (select i.external_id from doc.credit_note join doc.invoice as i using (account_id, invoice_id)),
  'i1',
  'a credit note names its invoice'
);

-- The pin of a repeated row is there already.
insert into inbox.payment (batch, party_code, source, external_id, doc_date, amount, invoice_no)
values ('g', 'A1', 'bank', 'p1', '2025-01-05', '10', '1');
select results_eq(
  $$ select * from inbox.process('g') $$,
  $$ values ('payment', 0::bigint, 1::bigint, 0::bigint) $$,
  'a pin is made once'
);

-- Of several invoices with a number, the one in force is meant.
update doc.invoice set status = 'void' where external_id = 'i3';
update inbox.payment set batch = 'h' where external_id = 'p2';
select results_eq(
  $$ select * from inbox.process('h') $$,
  $$ values ('payment', 1::bigint, 0::bigint, 0::bigint) $$,
  'a void invoice does not make a number ambiguous'
);

insert into inbox.payment (
  batch, party_code, source, external_id, doc_date, amount, invoice_external_id
)
values
  ('k', 'A1', 'erp', 'p10', '2025-01-05', '10', null),
  ('l', 'A1', 'erp', 'p10', '2025-01-05', 'ten', 'i2'),
  ('m', 'A1', 'erp', 'p10', '2025-01-05', '10', 'i2');
insert into inbox.payment (batch, party_code, source, external_id, doc_date, amount, invoice_no)
values ('n', 'A1', 'bank', 'p2', '2025-01-05', '10', '2');
select results_eq(
  $$
    select b.batch, p.loaded, p.unchanged, p.rejected
    from (values ('k'), ('l'), ('m'), ('n')) as b (batch)
    cross join lateral inbox.process(b.batch) as p
  $$,
  $$
    values ('k', 1::bigint, 0::bigint, 0::bigint), ('l', 0, 0, 1), ('m', 1, 0, 0), ('n', 0, 1, 0)
  $$,
  'a payment is pinned to an invoice that another is pinned to'
);
select is(
  (
    select string_agg(p.external_id, ', ' order by n.pin_id)
    from doc.pin as n
    join doc.payment as p using (account_id, payment_id)
    join doc.invoice as i on i.account_id = n.account_id and i.invoice_id = n.invoice_id
    where i.external_id = 'i2'
  ),
  'p2, p10',
  'each once, and not by the row that was refused'
);

-- Said twice with different invoices, nobody knows which is meant.
insert into inbox.payment (
  batch, party_code, external_id, doc_date, amount, invoice_external_id, source
)
values
  ('j', 'A1', 'p9', '2025-01-05', '10', 'i1', 'erp'),
  ('j', 'A1', 'p9', '2025-01-05', '10', 'i2', 'erp');
select results_eq(
  $$ select * from inbox.process('j') $$,
  $$ values ('payment', 0::bigint, 0::bigint, 2::bigint) $$,
  'a payment given twice for different invoices is refused'
);

-- By account id.
insert into inbox.payment (batch, account_id, party_code, doc_date, amount)
select 'i', a.account_id::text, v.code, '2025-05-01', '10'
from ref.account as a
join ref.party as p using (party_id)
cross join (values (null), ('A1'), ('A2')) as v (code)
where p.code = 'A1';
insert into inbox.payment (batch, account_id, doc_date, amount)
values ('i', '999999', '2025-05-01', '10'), ('i', 'x', '2025-05-01', '10');
select results_eq(
  $$ select * from inbox.process('i') $$,
  $$ values ('payment', 2::bigint, 0::bigint, 3::bigint) $$,
  'an account may be named by its id'
);
select results_eq(
  $$ select reason_code from inbox.payment where batch = 'i' order by inbox_id $$,
  $$ values ('account_contradicts'), ('account_unknown'), ('account_unknown') $$,
  'which must be known and agree with the party'
);

select * from finish();

rollback;
