create or replace function ref.check_region()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_above bigint[];
begin
  -- One at a time: two moves, each right by itself, can make a circle.
  perform pg_advisory_xact_lock(hashtext('ref.region'), 0);

  v_above := array(
    with recursive above (region_id) as (
      select new.parent_id
      union
      select r.parent_id
      from above as a
      join ref.region as r on r.region_id = a.region_id
      where r.parent_id is not null
    )
    select a.region_id from above as a
  );
  if new.region_id = any(v_above) then
    perform ref.refuse('RS106', format('region "%s" would lie under itself', new.name));
  end if;

  -- A snapshot older than the other move does not show it, but to lock what has moved since fails.
  if current_setting('transaction_isolation') <> 'read committed' then
    perform
    from ref.region as r
    where r.region_id = any(v_above)
    order by r.region_id
    for share;
  end if;

  return null;
end
$$;

comment on function ref.check_region() is
  'Refuses (RS106) a region that would lie under itself; a REPEATABLE READ or SERIALIZABLE transaction in which a region above has moved since its snapshot comes too late (40001).';

create or replace trigger t60_tree after insert or update of parent_id, region_id on ref.region
for each row
when (new.parent_id is not null)
execute function ref.check_region();
