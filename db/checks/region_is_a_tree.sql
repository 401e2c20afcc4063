-- No region lies under itself
with recursive above as (
  select r.region_id, r.parent_id
  from ref.region as r
  union
  select a.region_id, r.parent_id
  from above as a
  join ref.region as r on r.region_id = a.parent_id
)
select a.region_id
from above as a
where a.parent_id = a.region_id;
