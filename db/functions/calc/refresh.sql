-- Why in this order, each step a statement with a snapshot of its own:
--
-- The lock first: a refresh that waited for another with its snapshot already taken would write
-- over it with what it saw before. Then the marks are read: whoever left them has committed, so
-- every refresh after that sees what they marked. Marks that come meanwhile stay, as only those
-- read are taken away; by their ids, since a lower id can be committed later.
-- On one processor: the others are the writers'.
create or replace function calc.refresh()
returns bigint
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
set jit = off
set work_mem = '64MB'
set max_parallel_workers_per_gather = 0
as $$
declare
  v_dirty_ids bigint[];
  v_read_at timestamptz;
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    perform ref.refuse('RS510', 'a refresh in one snapshot would miss what is committed meanwhile');
  end if;
  perform pg_advisory_xact_lock('calc.dirty'::regclass::oid::bigint);
  v_read_at := clock_timestamp();

  v_dirty_ids := array(
    select d.dirty_id
    from calc.dirty d
  );
  perform calc.populate();
  if v_dirty_ids <> '{}' then
    refresh materialized view concurrently calc.settled_invoice;
    refresh materialized view concurrently calc.settlement_total;
    refresh materialized view concurrently calc.account_behaviour;
    refresh materialized view concurrently calc.receivable_day;

    delete from calc.dirty d
    using unnest(v_dirty_ids) r(dirty_id)
    where d.dirty_id = r.dirty_id;
  end if;

  update calc.refreshed r
  set
    refreshed_at = v_read_at,
    took = clock_timestamp() - v_read_at,
    mark_count = cardinality(v_dirty_ids);
  return cardinality(v_dirty_ids);
end
$$;

comment on function calc.refresh() is
  'Refreshes the materialized views if anything is marked, and takes the marks away that it had read. Gives their number. Writers and readers do not wait for it; a second refresh does. In READ COMMITTED only (RS510). Nothing else may refresh these views.';
