-- What has any effect: active invoices, approved payments, cheques of kind payment that are
-- in hand, deposited, endorsed or cleared, and active set-offs, notes and adjustments. Nothing
-- else.
begin;

select plan(5);

call test.open();
call test.open('b', p_side => 'payable');

insert into doc.invoice (account_id, invoice_id, doc_date, amount, status)
values
  (test.account(), 1, '2025-01-01', 100, 'active'),
  (test.account(), 2, '2025-01-01', 100, 'void');
insert into doc.payment (account_id, payment_id, doc_date, amount, status)
values
  (test.account(), 11, '2025-01-02', 1, 'approved'),
  (test.account(), 12, '2025-01-02', 1, 'pending'),
  (test.account(), 13, '2025-01-02', 1, 'rejected'),
  (test.account(), 14, '2025-01-02', 1, 'void');
insert into doc.cheque (account_id, cheque_id, kind, doc_date, due_date, amount, status)
values
  (test.account(), 21, 'payment', '2025-01-02', '2025-02-02', 1, 'in_hand'),
  (test.account(), 22, 'payment', '2025-01-02', '2025-02-02', 1, 'deposited'),
  (test.account(), 23, 'payment', '2025-01-02', '2025-02-02', 1, 'endorsed'),
  (test.account(), 24, 'payment', '2025-01-02', '2025-02-02', 1, 'cleared'),
  (test.account(), 25, 'payment', '2025-01-02', '2025-02-02', 1, 'submitted'),
  (test.account(), 26, 'payment', '2025-01-02', '2025-02-02', 1, 'bounced'),
  (test.account(), 27, 'payment', '2025-01-02', '2025-02-02', 1, 'returned'),
  (test.account(), 28, 'payment', '2025-01-02', '2025-02-02', 1, 'void'),
  (test.account(), 29, 'guarantee', '2025-01-02', '2025-02-02', 1, 'in_hand'),
  (test.account(), 30, 'guarantee', '2025-01-02', '2025-02-02', 1, 'cleared');
insert into doc.credit_note (account_id, credit_note_id, doc_date, amount, status)
values
  (test.account(), 31, '2025-01-02', 1, 'active'),
  (test.account(), 32, '2025-01-02', 1, 'void');
insert into doc.adjustment (account_id, adjustment_id, doc_date, amount, status)
values
  (test.account(), 41, '2025-01-02', 1, 'active'),
  (test.account(), 42, '2025-01-02', 1, 'void');
insert into doc.set_off (account_id, set_off_id, set_off_no, doc_date, amount, status)
values
  (test.account(), 51, 's', '2025-01-02', 1, 'active'),
  (test.account('b'), 52, 's', '2025-01-02', 1, 'active'),
  (test.account(), 53, 't', '2025-01-02', 1, 'void');

select is(
  test.settled(),
  '11>1 1 auto, 21>1 1 auto, 22>1 1 auto, 23>1 1 auto, 24>1 1 auto, 31>1 1 auto, 41>1 1 auto,'
  ' 51>1 1 auto',
  'those that count settle what counts'
);
select is(
  (
    select string_agg(credit_id::text, ' ' order by credit_id)
    from bi.credit
    where account_id = test.account() and is_counted
  ),
  '11 21 22 23 24 31 41 51',
  'bi.credit says which'
);
select is(
  (
    select sum(allocated_amount + unapplied_amount)
    from bi.credit
    where account_id = test.account() and not is_counted
  ),
  0::numeric,
  'of those that do not count nothing is allocated and nothing left'
);

update doc.payment set status = 'approved' where payment_id = 12;
update doc.payment set status = 'void' where payment_id = 11;
update doc.cheque set status = 'in_hand' where cheque_id = 25;
update doc.cheque set kind = 'payment' where cheque_id = 29;
update doc.cheque set status = 'returned' where cheque_id = 21;
update doc.credit_note set status = case status when 'void' then 'active' else 'void' end;
update doc.adjustment set status = case status when 'void' then 'active' else 'void' end;
update doc.set_off set status = 'void';
select is(
  test.settled(),
  '12>1 1 auto, 22>1 1 auto, 23>1 1 auto, 24>1 1 auto, 25>1 1 auto, 29>1 1 auto, 32>1 1 auto,'
  ' 42>1 1 auto',
  'and they follow what the documents say now'
);
update doc.invoice set status = case status when 'void' then 'active' else 'void' end;
select is(
  test.settled(),
  '12>2 1 auto, 22>2 1 auto, 23>2 1 auto, 24>2 1 auto, 25>2 1 auto, 29>2 1 auto, 32>2 1 auto,'
  ' 42>2 1 auto',
  'invoices too'
);

select * from finish();

rollback;
