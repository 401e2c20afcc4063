-- Volatile, so that each look sees what was committed when the table's lock was got:
-- ref.close_period() holds writers off by that lock. Called with the search path of the triggers.

create or replace function ref.closed_upto()
returns date
language plpgsql
volatile
as $$
declare
  v_upto date;
begin
  -- An old snapshot does not show a closing of today; the row that each closing changes does.
  if current_setting('transaction_isolation') in ('repeatable read', 'serializable') then
    perform from ref.period_fence as f for share;
  end if;

  select p.closed_upto into v_upto from ref.period_lock as p order by p.closed_upto desc;
  return v_upto;
end
$$;

comment on function ref.closed_upto() is
  'The last day that is closed to writers; null: none is. A snapshot older than the last closing fails (40001).';
