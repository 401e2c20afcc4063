-- Closed periods, and what was printed when they were closed.

create table ref.period_lock (
  closed_upto ref.day
    constraint period_lock_pkey primary key,
  reason text not null
    constraint period_lock_reason_given check (reason ~ '\S'),
  closed_at timestamptz not null default clock_timestamp(),
  closed_by text not null
    default coalesce(nullif(current_setting('rasid.user', true), ''), session_user)
);

comment on table ref.period_lock is
  'A row for each closed period: documents dated to that day are written no more. By ref.close_period() and ref.reopen_period() alone.';
comment on column ref.period_lock.closed_upto is 'The last day of the period; everything before it is closed too.';
comment on column ref.period_lock.closed_at is 'The moment from which no writer could slip in.';
comment on constraint period_lock_pkey on ref.period_lock is
  'The period is closed already. | Reopen it first.';
comment on constraint period_lock_reason_given on ref.period_lock is
  'A period is closed with a reason. | Say why, such as "month-end 1404/05".';

create table ref.period_fence (
  closing_count bigint
    constraint period_fence_pkey primary key
);

create unique index period_fence_one_row on ref.period_fence ((true));
insert into ref.period_fence (closing_count) values (0);

comment on table ref.period_fence is
  'One row that each closing changes. A REPEATABLE READ or SERIALIZABLE writer locks it, and fails (40001) if its snapshot is older than a closing it can''t see.';
comment on constraint period_fence_pkey on ref.period_fence is
  'There is one row. | Nobody writes here but ref.close_period().';
comment on index ref.period_fence_one_row is
  'There is one row. | Nobody writes here but ref.close_period().';

create table audit.month_end (
  month_end_id bigint generated always as identity
    constraint month_end_pkey primary key,
  as_of ref.day not null,
  kept_at timestamptz not null default clock_timestamp(),
  kept_by text not null
    default coalesce(nullif(current_setting('rasid.user', true), ''), session_user)
);

create index month_end_as_of_idx on audit.month_end (as_of);

comment on table audit.month_end is
  'A row for each keeping of the figures of a closed day; the last one of a day counts.';
comment on column audit.month_end.as_of is 'The last day of the month.';
comment on constraint month_end_pkey on audit.month_end is
  'The month-end is kept already. | Nobody writes here but audit.keep_month_end().';

create table audit.month_end_account (
  month_end_id bigint not null
    constraint month_end_account_month_end_fkey references audit.month_end,
  account_id bigint not null,
  party_id bigint not null,
  party_code text not null,
  party_name text not null,
  side text not null,
  currency text not null,
  salesperson_id bigint,
  salesperson_name text,
  region_id bigint,
  region_name text,
  agency_id bigint,
  agency_name text,
  policy text not null,
  credit_limit numeric,
  tolerance_days int not null,
  risk_days int not null,
  open_amount numeric not null,
  unapplied_amount numeric not null,
  balance numeric not null,
  blocked_amount numeric not null,
  uncleared_amount numeric not null,
  uncleared_ras date,
  bounced_amount numeric not null,
  exposure_amount numeric not null,
  credit_room numeric,
  debt_ras date,
  debt_age_days numeric,
  due_ras date,
  overdue_amount numeric not null,
  debt_depth numeric not null,
  debt_depth_days numeric,
  risky_amount numeric not null,
  risky_share numeric,
  settled_paid_amount numeric not null,
  settlement_period_days numeric,
  variance_days numeric,
  settlement_money_days numeric not null,
  variance_money_days numeric not null,
  not_due numeric not null,
  d1_30 numeric not null,
  d31_60 numeric not null,
  d61_90 numeric not null,
  d91_120 numeric not null,
  over_120 numeric not null,
  constraint month_end_account_pkey primary key (month_end_id, account_id)
);

comment on table audit.month_end_account is
  'bi.account_as_of and bi.aging_as_of of each account as they were when the month-end was kept. Later corrections don''t alter it.';
comment on constraint month_end_account_pkey on audit.month_end_account is
  'The account''s figures are kept already. | Nobody writes here but audit.keep_month_end().';
comment on constraint month_end_account_month_end_fkey on audit.month_end_account is
  'There is no such month-end. | Nobody writes here but audit.keep_month_end().';
