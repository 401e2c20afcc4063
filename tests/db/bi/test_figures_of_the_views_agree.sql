-- One book, seen from invoices, accounts, aging, credits and allocations: the sums are the same.
begin;

select plan(6);

set local rasid.today = '2025-06-15';
call test.open();
call test.open('b', p_policy => 'fifo_due');
call test.open('c', p_policy => 'manual');
insert into doc.invoice (account_id, doc_date, due_date, amount, auto_allocate)
select test.account(a), date '2025-01-01' + i, date '2025-03-01' + 7 * i, 10 * i, i % 5 > 0
from unnest(array['a', 'b', 'c']) as a
cross join generate_series(1, 15) as i;
insert into doc.payment (account_id, doc_date, amount)
select test.account(a), date '2025-01-05' + i, 30
from unnest(array['a', 'b', 'c']) as a
cross join generate_series(1, 9) as i;
insert into doc.cheque (account_id, doc_date, due_date, amount, status)
select test.account(a), '2025-02-05', '2025-04-05', 20, s
from unnest(array['a', 'b', 'c']) as a
cross join unnest(array['in_hand', 'cleared', 'bounced']) as s;

select results_eq(
  $$
    select open_amount, unapplied_amount, overdue_amount, risky_amount
    from bi.account
    order by account_id
  $$,
  $$
    select
      sum(i.open_amount),
      (select sum(c.unapplied_amount) from bi.credit as c where c.account_id = i.account_id),
      sum(i.overdue_amount),
      sum(i.risky_amount)
    from bi.invoice as i
    group by i.account_id
    order by i.account_id
  $$,
  'invoices and credits, and the account'
);
select is_empty(
  $$
    select *
    from bi.aging
    where not_due + d1_30 + d31_60 + d61_90 + d91_120 + over_120 <> open_amount
      or open_amount - unapplied_amount <> balance
  $$,
  'the buckets of aging add up'
);
select results_eq(
  'select account_id, open_amount, unapplied_amount, balance from bi.aging order by 1',
  'select account_id, open_amount, unapplied_amount, balance from bi.account order by 1',
  'aging and account'
);
select results_eq(
  $$
    select account_id, invoice_id, sum(amount)
    from bi.allocation
    group by account_id, invoice_id
    order by account_id, invoice_id
  $$,
  $$
    select account_id, invoice_id, amount - open_amount
    from bi.invoice
    where amount > open_amount
    order by account_id, invoice_id
  $$,
  'allocations and invoices'
);
select results_eq(
  $$
    select credit_type, credit_id, sum(amount)
    from bi.allocation
    group by credit_type, credit_id
    order by credit_id
  $$,
  $$
    select credit_type, credit_id, allocated_amount
    from bi.credit
    where allocated_amount > 0
    order by credit_id
  $$,
  'allocations and credits'
);
select results_eq(
  $$
    select cheque_id, is_counted, counted_amount, allocated_amount, unapplied_amount
    from bi.cheque
    order by cheque_id
  $$,
  $$
    select credit_id, is_counted, counted_amount, allocated_amount, unapplied_amount
    from bi.credit
    where credit_type = 'cheque'
    order by credit_id
  $$,
  'cheques and credits'
);

select * from finish();

rollback;
