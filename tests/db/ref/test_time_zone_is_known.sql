-- The day of the book begins in a time zone that exists.
begin;

select plan(6);

select test.accepted(
  $$update ref.setting set value = 'Europe/Berlin' where name = 'time_zone'$$, 'a known zone'
);
select test.refused(s.sql, 'RS104', 'time_zone_known', s.what)
from (
  values
    ($$update ref.setting set value = 'Asia/Tehrun' where name = 'time_zone'$$, 'not an unknown one'),
    ($$update ref.setting set value = 'XYZ+3' where name = 'time_zone'$$, 'nor an offset by any name'),
    ($$delete from ref.setting where name = 'time_zone'$$, 'nor none'),
    ($$update ref.setting set name = 'zone' where name = 'time_zone'$$, 'nor by another name')
) as s (sql, what);
select test.accepted(
  $$insert into ref.setting (name, value) values ('company', 'Asia/Tehrun')$$,
  'other settings are free'
);

select * from finish();

rollback;
