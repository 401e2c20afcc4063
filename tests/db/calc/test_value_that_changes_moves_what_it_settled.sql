-- Another value date, a clearing, a write-off that was a discount: all is settled as it was, but the
-- figures of the lines and of the account move.
begin;

select plan(6);

set local rasid.today = '2025-06-01';
call test.open();
insert into doc.invoice (account_id, invoice_id, kind, doc_date, amount)
values
  (test.account(), 1, 'invoice', '2025-01-01', 100),
  (test.account(), 2, 'opening', '2025-01-02', 50);
insert into doc.installment (account_id, invoice_id, line_no, due_date, amount)
values
  (test.account(), 1, 1, '2025-01-31', 60), (test.account(), 1, 2, '2025-03-02', 40);
insert into doc.payment (account_id, payment_id, doc_date, amount)
values (test.account(), 11, '2025-01-11', 70);
insert into doc.cheque (account_id, cheque_id, doc_date, due_date, amount)
values (test.account(), 21, '2025-01-12', '2025-02-20', 50);
insert into doc.adjustment (account_id, adjustment_id, kind, doc_date, amount)
values (test.account(), 31, 'discount', '2025-01-13', 30);

-- Of the invoice and the opening: what is paid and cleared, cleared and written off; then the
-- products of the invoice, which are those of the account, as an opening stays out.
create function pg_temp.figures()
returns text
language sql
as $$
  select concat_ws(
    ' ', i.paid_amount, i.cleared_amount, o.cleared_amount, o.written_off_amount,
    i.settlement_money_days, i.variance_money_days, a.settlement_money_days, a.variance_money_days
  )
  from bi.invoice as i, bi.invoice as o, bi.account as a
  where i.account_id = test.account() and i.invoice_id = 1
    and o.account_id = test.account() and o.invoice_id = 2
    and a.account_id = test.account()
$$;
select is(pg_temp.figures(), '100 70 0 0 2200 -2000 2200 -2000', 'paid');

update doc.payment set value_date = '2025-01-16' where payment_id = 11;
select is(pg_temp.figures(), '100 70 0 0 2550 -1650 2550 -1650', 'valued 5 days later');

update doc.cheque set status = 'cleared', status_date = '2025-02-10' where cheque_id = 21;
select is(pg_temp.figures(), '100 100 20 0 2250 -1950 2250 -1950', 'cleared 10 days early');

update doc.cheque set status = 'deposited', status_date = '2025-02-10' where cheque_id = 21;
update doc.adjustment set kind = 'write_off' where adjustment_id = 31;
select is(pg_temp.figures(), '100 70 0 30 2550 -1650 2550 -1650', 'written off');
update doc.adjustment set kind = 'discount' where adjustment_id = 31;
select is(pg_temp.figures(), '100 70 0 0 2550 -1650 2550 -1650', 'back');

select is_empty('select * from calc.verify()', 'and the figures follow from the documents');

select * from finish();

rollback;
