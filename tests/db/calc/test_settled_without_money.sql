-- An invoice that credit notes alone settle has a commitment and no settlement.
begin;

select plan(2);

set local rasid.today = '2025-06-15';
call test.open();

insert into doc.invoice (account_id, invoice_id, doc_date, amount)
values (test.account(), 1, '2025-01-01', 100);
insert into doc.installment (account_id, invoice_id, line_no, due_date, amount)
values (test.account(), 1, 1, '2025-01-11', 25), (test.account(), 1, 2, '2025-01-31', 75);
insert into doc.credit_note (account_id, credit_note_id, doc_date, amount, invoice_id)
values (test.account(), 31, '2025-01-05', 100, 1);
select results_eq(
  $$
    select
      status, is_collected, net_amount, paid_amount, settled_on, committed_days, settlement_ras,
      settlement_days, settlement_period_days, variance_days, timing
    from bi.invoice
    where account_id = test.account()
  $$,
  $$
    values (
      'settled', false, 0::numeric, 0::numeric, date '2025-01-05', 25.00, null::date,
      null::numeric, null::numeric, null::numeric, null::text
    )
  $$,
  'the commitment is the ras of the lines: (25·10 + 75·30) / 100'
);
select results_eq(
  $$
    select settlement_period_days, variance_days, coalesce(settled_paid_amount, 0)
    from bi.account
    where account_id = test.account()
  $$,
  $$values (null::numeric, null::numeric, 0::numeric)$$,
  'the means of the account know nothing of it'
);

select * from finish();

rollback;
