-- What BI tools read has stable names: those of DESIGN sections 6 and 7.
begin;

select plan(10);

create function pg_temp.missing(p_view regclass, p_names text[])
returns setof text
language sql
as $$
  select unnest(p_names)
  except
  select attname::text from pg_attribute where attrelid = p_view and attnum > 0
$$;

select is_empty(
  format(
    'select v, pg_temp.missing(v::regclass, %L) from unnest(%L::text[]) as v',
    array['account_id', 'party_id', 'party_code', 'party_name', 'side', 'currency',
    'salesperson_id', 'salesperson_name', 'region_id', 'region_name', 'agency_id', 'agency_name'],
    array['bi.invoice', 'bi.allocation', 'bi.credit', 'bi.account', 'bi.aging', 'bi.cheque',
      'bi.exception']
  ),
  'each has account, party, side, currency, salesperson, region and agency beside the figures'
);
select is_empty(
  $$
    select pg_temp.missing('bi.invoice', array[
      'invoice_id', 'doc_date', 'due_date', 'amount', 'credited_amount', 'written_off_amount',
      'net_amount', 'paid_amount', 'cleared_amount', 'open_amount', 'status', 'is_collected',
      'committed_ras', 'committed_days', 'settlement_ras', 'settlement_days', 'variance_days',
      'timing', 'settled_on', 'settlement_period_days', 'debt_age_days', 'overdue_amount',
      'debt_depth', 'debt_depth_days', 'risky_amount', 'committed_money_days',
      'settlement_money_days', 'variance_money_days'
    ])
  $$,
  'bi.invoice'
);
select is_empty(
  $$
    select pg_temp.missing('bi.allocation', array[
      'invoice_id', 'line_no', 'due_date', 'credit_type', 'credit_id', 'amount', 'reason', 'pin_id',
      'effective_date', 'value_date', 'is_cleared', 'invoice_no', 'credit_no'
    ])
  $$,
  'bi.allocation'
);
select is_empty(
  $$
    select pg_temp.missing('bi.credit', array[
      'credit_type', 'credit_id', 'amount', 'is_counted', 'allocated_amount', 'unapplied_amount'
    ])
  $$,
  'bi.credit'
);
select is_empty(
  $$
    select pg_temp.missing('bi.account', array[
      'open_amount', 'unapplied_amount', 'balance', 'blocked_amount', 'uncleared_amount',
      'uncleared_ras', 'bounced_amount', 'exposure_amount', 'credit_room', 'debt_ras',
      'debt_age_days', 'due_ras', 'overdue_amount', 'debt_depth', 'debt_depth_days',
      'risky_amount', 'risky_share', 'settlement_period_days', 'variance_days',
      'settlement_money_days', 'variance_money_days'
    ])
  $$,
  'bi.account'
);
select is_empty(
  $$
    select pg_temp.missing('bi.aging', array[
      'not_due', 'd1_30', 'd31_60', 'd61_90', 'd91_120', 'over_120', 'open_amount',
      'unapplied_amount', 'balance'
    ])
  $$,
  'bi.aging'
);

create function pg_temp.shape(p_oid regclass)
returns text
language sql
as $$
  select string_agg(format('%s %s', attname, atttypid::regtype), ', ' order by attnum)
  from pg_attribute
  where attrelid = p_oid and attnum > 0 and not attisdropped
$$;
create temporary view invoice_as_of as select * from bi.invoice_as_of('2025-01-01');
create temporary view account_as_of as select * from bi.account_as_of('2025-01-01');
create temporary view aging_as_of as select * from bi.aging_as_of('2025-01-01');
select is(
  pg_temp.shape('invoice_as_of'), pg_temp.shape('bi.invoice'), 'as of a day: the same columns'
);
select is(pg_temp.shape('account_as_of'), pg_temp.shape('bi.account'), 'of accounts too');
select is(pg_temp.shape('aging_as_of'), pg_temp.shape('bi.aging'), 'and of aging');

select is_empty(
  $$
    select c.oid::regclass, a.attname, a.atttypid::regtype
    from pg_class as c
    join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0
    join pg_type as t on t.oid = a.atttypid
    where c.relnamespace = 'bi'::regnamespace and t.typtype = 'd'
  $$,
  'columns have plain types, which every BI tool knows'
);

select * from finish();

rollback;
