-- Nobody looks good by paying the small ones and leaving the big ones.
begin;

select plan(7);

set local rasid.today = '2025-12-31';
create temp table t as select test.make_account() as account_id;

do $$
begin
  perform test.make_invoice(account_id, 100, day, day)
  from t cross join unnest('{2025-09-01,2025-09-02,2025-09-03}'::date[]) as day;
  perform test.make_payment(account_id, 100, day)
  from t cross join unnest('{2025-09-01,2025-09-02,2025-09-03}'::date[]) as day;
end
$$;

select results_eq(
  'select class, score, lateness_days from bi.behaviour join t using (account_id)',
  $$ values ('on_time', 100.0, 0.00) $$,
  'the small ones are paid on the day'
);

-- What was owed before the book began says nothing of how the customer pays.
insert into doc.invoice (account_id, kind, amount, doc_date, due_date, auto_allocate)
select account_id, 'opening', 700, '2025-01-01', '2025-01-01', false from t;
do $$
begin
  perform test.make_invoice(account_id, 1000, '2025-12-01', '2025-12-28') from t;
end
$$;
select results_eq(
  'select class, score, overdue_amount from bi.behaviour join t using (account_id)',
  $$ values ('on_time', 100.0, 0::numeric) $$,
  'debt within the tolerance of 3 days is not late yet'
);

update doc.invoice as i set due_date = '2025-12-01' from t
where i.account_id = t.account_id and i.amount = 1000;
select results_eq(
  $$
    select
      class, score, variance_money_days, variance_days, lateness_money_days, lateness_days,
      overdue_amount, late_share
    from bi.behaviour join t using (account_id)
  $$,
  $$
    values (
      'structurally_late', 34.6, 0::numeric, 0.00, 30000::numeric, 23.08, 1000::numeric, 0.7692
    )
  $$,
  '1000 for 30 days past due among 1300: 100 − 2·23.08 − 25·0.77'
);
select results_eq(
  'select all_class, all_score, all_lateness_days from bi.behaviour join t using (account_id)',
  $$ values ('structurally_late', 34.6, 23.08) $$,
  'over all time too'
);

insert into doc.adjustment (account_id, kind, amount, doc_date, invoice_id)
select t.account_id, 'write_off', 1000, '2025-12-21', i.invoice_id
from t join doc.invoice as i on i.account_id = t.account_id and i.amount = 1000;
select results_eq(
  $$
    select class, settled_count, written_off_amount, overdue_amount, lateness_days, late_share
    from bi.behaviour join t using (account_id)
  $$,
  $$ values ('structurally_late', 4::bigint, 1000::numeric, 0::numeric, 15.38, 0.7692) $$,
  'written off, it counts as if paid that day, 20 days late'
);

update doc.adjustment as d set doc_date = '2025-12-01' from t where d.account_id = t.account_id;
update doc.invoice as i set due_date = '2026-12-31' from t
where i.account_id = t.account_id and i.amount = 1000;
select results_eq(
  $$
    select class, written_off_amount, lateness_days, late_share
    from bi.behaviour join t using (account_id)
  $$,
  $$ values ('on_time', 1000::numeric, 0.00, 0.7692) $$,
  'a write-off is never early, and always in the late share'
);

set local rasid.today = '2026-12-15';
select results_eq(
  $$
    select class, written_off_amount, all_written_off_amount, all_class
    from bi.behaviour join t using (account_id)
  $$,
  $$ values ('no_history', 0::numeric, 1000::numeric, 'on_time') $$,
  'a year later it is only in all time'
);

select * from finish();

rollback;
