-- Each bounced cheque of the year takes 5 from the score, up to 15.
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
  perform test.make_cheque(account_id, 300, '2025-06-01', '2025-07-01', 'cleared', '2025-07-01')
  from t;
  perform test.make_cheque(account_id, 100, '2025-06-01', '2025-08-01', 'bounced', '2025-08-01')
  from t;
end
$$;
update doc.cheque as q set auto_allocate = false from t where q.account_id = t.account_id;

select results_eq(
  $$
    select bounced_count, bounced_amount, presented_amount, bounced_share, score
    from bi.behaviour join t using (account_id)
  $$,
  $$ values (1::bigint, 100::numeric, 400::numeric, 0.2500, 95.0) $$,
  'one of two, a quarter of the money'
);

do $$
begin
  perform test.make_cheque(account_id, 100, '2024-06-01', '2024-08-01', 'bounced', '2024-08-01')
  from t;
end
$$;
select results_eq(
  $$
    select bounced_count, score, all_bounced_count, all_bounced_share, all_score
    from bi.behaviour join t using (account_id)
  $$,
  $$ values (1::bigint, 95.0, 2::bigint, 0.4000, 90.0) $$,
  'one of the year before counts in all time'
);

update doc.cheque as q set status = 'returned', status_date = '2025-09-01' from t
where q.account_id = t.account_id and q.due_date = '2025-08-01';
select is(
  (select bounced_count from bi.behaviour join t using (account_id)), 1::bigint,
  'handed back it has bounced all the same'
);

do $$
begin
  perform test.make_cheque(account_id, 100, '2025-06-01', '2025-08-01', 'void') from t;
  perform test.make_cheque(
    account_id, 100, '2025-06-01', '2025-08-01', 'bounced', '2025-08-01', 'guarantee'
  )
  from t;
end
$$;
select is(
  (select bounced_count from bi.behaviour join t using (account_id)), 1::bigint,
  'void ones and guarantees don''t count'
);

do $$
begin
  perform test.make_cheque(account_id, 1, '2025-06-01', '2025-08-01', 'bounced', '2025-08-01')
  from t cross join generate_series(1, 4);
end
$$;
select results_eq(
  'select bounced_count, score from bi.behaviour join t using (account_id)',
  $$ values (5::bigint, 85.0) $$,
  'bounces take 15 at most'
);

-- 60 days late, nothing on time, five bounces: the end of the scale.
update doc.payment as p set doc_date = p.doc_date + 60 from t where p.account_id = t.account_id;
select is(
  (select score from bi.behaviour join t using (account_id)), 0.0,
  '60 + 25 + 15'
);

call test.open();
call test.open('empty');
do $$
begin
  perform test.make_cheque(
    test.account(), 100, '2025-06-01', '2025-08-01', 'bounced', '2025-08-01'
  );
end
$$;
select results_eq(
  $$
    select class, score, settled_count, settled_amount, early_amount, paid_late_amount,
      written_off_amount, measured_amount, early_share, variance_days, bounced_amount,
      presented_amount
    from bi.behaviour
    where account_id in (test.account(), test.account('empty'))
    order by account_id
  $$,
  $$
    values
      ('no_history', 95.0, 0::bigint, 0::numeric, 0::numeric, 0::numeric, 0::numeric, 0::numeric,
        null::numeric, null::numeric, 100::numeric, 100::numeric),
      ('no_history', null, 0, 0, 0, 0, 0, 0, null, null, 0, 0)
  $$,
  'where nothing was to be paid yet a bounce alone tells; where there is nothing, nothing does'
);

select * from finish();

rollback;
