-- Settled: on_time if |variance| ≤ tolerance_days (3), else early or late. Open: late once a line
-- with something open is more than tolerance_days past due, else nothing.
begin;

select plan(5);

call test.open();

insert into doc.invoice (account_id, invoice_id, doc_date, due_date, amount)
select test.account(), n, '2025-01-01', '2025-01-31', 10 from generate_series(1, 6) as n;
insert into doc.payment (account_id, payment_id, doc_date, amount)
values
  (test.account(), 11, '2025-01-27', 10),
  (test.account(), 12, '2025-01-28', 10),
  (test.account(), 13, '2025-02-03', 10),
  (test.account(), 14, '2025-02-04', 10),
  (test.account(), 15, '2025-02-03', 9.99),
  (test.account(), 16, '2025-02-04', 0.01),
  (test.account(), 17, '2025-02-05', 9);
select results_eq(
  $$
    select invoice_id, variance_days, timing
    from bi.invoice
    where account_id = test.account() and status = 'settled'
    order by invoice_id
  $$,
  $$
    values
      (1::bigint, -4.00, 'early'), (2, -3.00, 'on_time'), (3, 3.00, 'on_time'),
      -- 9.99 after 3 days, 0.01 after 4: shown as 3.00, judged before it is rounded
      (4, 3.00, 'late'),
      (5, 4.00, 'late')
  $$,
  'settled'
);

create function pg_temp.timing(p_today text)
returns text
language plpgsql
as $$
begin
  perform set_config('rasid.today', p_today, true);
  return (select timing from bi.invoice where account_id = test.account() and invoice_id = 6);
end
$$;
select is(pg_temp.timing('2025-02-03'), null, 'open, 3 days past due');
select is(pg_temp.timing('2025-02-04'), 'late', 'open, 4 days past due');

-- A line that is settled is past due no more.
insert into doc.installment (account_id, invoice_id, line_no, due_date, amount)
values (test.account(), 6, 1, '2025-01-10', 5), (test.account(), 6, 2, '2025-03-10', 5);
select is(pg_temp.timing('2025-03-13'), null, 'the line that is open is 3 days past due');
select is(pg_temp.timing('2025-03-14'), 'late', 'it is 4 days past due');

select * from finish();

rollback;
