create or replace function ref.keep_time_zone()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_zone text;
begin
  select s.value into v_zone from ref.setting as s where s.name = 'time_zone';

  if not found then
    perform ref.refuse('RS104', 'the book has no time zone', 'Change the setting; it stays.');
  end if;
  if not exists (select from pg_timezone_names as z where z.name = v_zone) then
    perform ref.refuse('RS104', format('"%s" is not a time zone', v_zone));
  end if;

  return null;
end
$$;

comment on function ref.keep_time_zone() is
  'Refuses (RS104) a setting time_zone that names no zone, or to be without it.';

create or replace trigger t20_time_zone_update after update on ref.setting
for each row
when ('time_zone' in (old.name, new.name))
execute function ref.keep_time_zone();

create or replace trigger t20_time_zone_delete after delete on ref.setting
for each row
when (old.name = 'time_zone')
execute function ref.keep_time_zone();
