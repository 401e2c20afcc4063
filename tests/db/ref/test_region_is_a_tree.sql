-- No region lies under itself.
begin;

select plan(8);

insert into ref.region (region_id, parent_id, name)
values (1001, null, 'Iran'), (1002, 1001, 'Fars'), (1003, 1002, 'Shiraz'), (1004, 1001, 'Tehran');

select test.refused(
  'update ref.region set parent_id = 1003 where region_id = 1001',
  'RS106', 'region_without_cycle', 'not under a grandchild'
);
select test.refused(
  'update ref.region set parent_id = 1002 where region_id = 1001',
  'RS106', 'region_without_cycle', 'nor a child'
);
select test.refused(
  'update ref.region set parent_id = 1001 where region_id = 1001',
  '23514', 'region_not_own_parent', 'nor itself'
);
select test.refused(
  'insert into ref.region (region_id, parent_id, name) values (1005, 1006, ''a''), (1006, 1005, ''b'')',
  'RS106', 'region_without_cycle', 'nor two under each other'
);
select test.refused(
  'update ref.region set parent_id = case region_id when 1002 then 1004 else 1002 end
   where region_id in (1002, 1004)',
  'RS106', 'region_without_cycle', 'nor by one statement on both'
);
select test.accepted('update ref.region set parent_id = 1004 where region_id = 1002', 'elsewhere');
select test.accepted('update ref.region set parent_id = null where region_id = 1002', 'or a root');
select test.refused(
  'delete from ref.region where region_id = 1002', '23503', 'region_parent_fkey',
  'one with regions under it stays'
);

select * from finish();

rollback;
