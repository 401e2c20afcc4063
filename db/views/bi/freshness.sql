create or replace view bi.freshness as
select
  m.month,
  coalesce(d.mark_count, 0) as mark_count,
  d.month is null as is_fresh,
  case when d.month is null then r.refreshed_at end as fresh_since,
  r.refreshed_at as last_refresh_at,
  r.took as last_refresh_took
from (
  select k.month
  from calc.receivable_day k
  group by k.month
  union
  select d.month
  from calc.dirty d
) m
left join (
  select d.month, count(*) as mark_count
  from calc.dirty d
  group by d.month
) d on d.month = m.month
cross join calc.refreshed r;

comment on view bi.freshness is
  'Which invoice months the grouped figures take from a materialized view, and which they compute anew at each read because a document changed them since the last refresh. The figures are right in both cases. Key: month.';
comment on column bi.freshness.month is 'First day of the Gregorian month of the invoices.';
comment on column bi.freshness.mark_count is 'Changes since the last refresh.';
comment on column bi.freshness.is_fresh is 'Nothing changed since: answered from the materialized view.';
comment on column bi.freshness.fresh_since is 'Since when; null: computed at each read.';
comment on column bi.freshness.last_refresh_at is 'When the last refresh read the marks.';
comment on column bi.freshness.last_refresh_took is 'How long it took. The refresher rests nine times as long.';
