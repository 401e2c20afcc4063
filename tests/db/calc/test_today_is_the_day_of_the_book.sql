-- calc.today(): the setting rasid.today if the session has one, else the day in the book's zone.
begin;

select plan(5);

set local rasid.today = '2025-02-03';
select is(calc.today(), '2025-02-03'::date, 'as the session says');
set local rasid.today = '';
select is(
  calc.today(), (now() at time zone 'Asia/Tehran')::date, 'else the day in Tehran'
);
set local timezone = 'Pacific/Kiritimati';
select is(
  calc.today(), (now() at time zone 'Asia/Tehran')::date, 'whatever the zone of the session'
);
update ref.setting set value = 'Pacific/Kiritimati' where name = 'time_zone';
select is(
  calc.today(), (now() at time zone 'Pacific/Kiritimati')::date, 'or the zone the book is set to'
);
create temporary table east as select calc.today() as day;
update ref.setting set value = 'Etc/GMT+12' where name = 'time_zone';
-- 26 hours apart, the two are never on one day.
select ok((select day from east) > calc.today(), 'where the day begins later');

select * from finish();

rollback;
