create or replace function ref.check_region()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  -- One at a time: two moves, each right by itself, can make a circle.
  perform pg_advisory_xact_lock(hashtext('ref.region'), 0);

  if exists (
    with recursive above (region_id) as (
      select new.parent_id
      union
      select r.parent_id
      from above as a
      join ref.region as r on r.region_id = a.region_id
      where r.parent_id is not null
    )
    select from above as a where a.region_id = new.region_id
  ) then
    perform ref.refuse('RS106', format('region "%s" would lie under itself', new.name));
  end if;

  return null;
end
$$;

comment on function ref.check_region() is
  'Refuses (RS106) a region that would lie under itself.';

create or replace trigger t60_tree after insert or update of parent_id, region_id on ref.region
for each row
when (new.parent_id is not null)
execute function ref.check_region();
