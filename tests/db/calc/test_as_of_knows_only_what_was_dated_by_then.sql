-- Documents dated up to the day, as they are now known; what names a later invoice names nothing.
begin;

select plan(7);

call test.open();

insert into doc.invoice (account_id, invoice_id, doc_date, due_date, amount)
values
  (test.account(), 1, '2025-01-01', '2025-01-31', 100),
  (test.account(), 2, '2025-02-01', '2025-03-01', 100);
insert into doc.payment (account_id, payment_id, doc_date, amount)
values (test.account(), 11, '2025-01-05', 10), (test.account(), 12, '2025-02-05', 20);
insert into doc.credit_note (account_id, credit_note_id, kind, doc_date, amount, invoice_id)
values
  (test.account(), 31, 'return', '2025-01-06', 1, 2),
  (test.account(), 32, 'price', '2025-01-06', 2, 2);
insert into doc.adjustment (account_id, adjustment_id, doc_date, amount, invoice_id)
values (test.account(), 41, '2025-01-06', 4, 2);
insert into doc.pin (account_id, pin_id, payment_id, invoice_id)
values (test.account(), 61, 11, 2);

select is(
  test.settled(),
  '12>1 20 auto, 11>2 10 pin, 31>2 1 linked, 32>2 2 linked, 41>2 4 linked',
  'now'
);
select is(
  (
    select string_agg(invoice_id || ' ' || trim_scale(open_amount), ', ' order by invoice_id)
    from bi.invoice_as_of('2025-01-31')
    where account_id = test.account()
  ),
  '1 83',
  'a month before, all that was there had gone to the invoice that was there'
);
select is(
  (
    select (open_amount, unapplied_amount, balance, overdue_amount)::text
    from bi.account_as_of('2025-01-31')
    where account_id = test.account()
  ),
  '(83,0,83,0)',
  'the account'
);
select is(
  (
    select (not_due, d1_30, open_amount)::text
    from bi.aging_as_of('2025-02-01')
    where account_id = test.account()
  ),
  '(83,100,183)',
  'the day after, with the second invoice, what names it is its own: 100 − 10 − 1 − 2 − 4'
);

update doc.payment set amount = 30 where payment_id = 11;
select is(
  (select open_amount from bi.account_as_of('2025-01-31') where account_id = test.account()),
  63::numeric,
  'a document put right is right in the past too'
);
update doc.payment set status = 'void' where payment_id = 11;
select is(
  (select open_amount from bi.account_as_of('2025-01-31') where account_id = test.account()),
  93::numeric,
  'and one made void never was'
);

select is_empty(
  $$
    select account_id from bi.account_as_of(null)
    union all
    select account_id from bi.aging_as_of(null)
    union all
    select account_id from bi.invoice_as_of(null)
  $$,
  'as of no day, nothing: not an account that owes 0'
);

select * from finish();

rollback;
