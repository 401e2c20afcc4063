-- Three row triggers, in order, find out whether the statement names status_date: what it would be
-- set to can't tell, as it may be set to the day it has. Only a trigger with a column list knows,
-- and it knows it for each part of a writable CTE, under ON CONFLICT and under MERGE (there for all
-- actions together). Between the triggers null stands for the day the row had.

create or replace function doc.forget_cheque_status_date()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  new.status_date := case when new.status_date is null then calc.today() end;
  return new;
end
$$;

create or replace trigger t20_forget_status_date before update on doc.cheque
for each row
when (
  new.status <> old.status
  and (new.status_date is null or new.status_date = old.status_date)
)
execute function doc.forget_cheque_status_date();

comment on function doc.forget_cheque_status_date() is
  'First of three on a change of state: takes away a status_date that is as it was; a null one that is given counts as not given.';

create or replace function doc.recall_cheque_status_date()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  new.status_date := old.status_date;
  return new;
end
$$;

create or replace trigger t21_recall_status_date before update of status_date on doc.cheque
for each row
when (new.status <> old.status and new.status_date is null)
execute function doc.recall_cheque_status_date();

comment on function doc.recall_cheque_status_date() is
  'Second of three on a change of state: gives the status_date back if the statement names it.';

-- The same for cleared_on, where the day of a clearing is put right: a cleared_on that was given by
-- the database follows, unless the statement names it.
create or replace function doc.forget_cheque_cleared_on()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  new.cleared_on := case when new.cleared_on is null then new.status_date end;
  return new;
end
$$;

create or replace trigger t20_forget_cleared_on before update on doc.cheque
for each row
when (
  new.status = 'cleared'
  and old.status = 'cleared'
  and new.status_date <> old.status_date
  and old.cleared_on = old.status_date
  and (new.cleared_on is null or new.cleared_on = old.cleared_on)
)
execute function doc.forget_cheque_cleared_on();

comment on function doc.forget_cheque_cleared_on() is
  'First of three where the day of a clearing is put right: takes away a cleared_on that is as it was, the day of the state; a null one that is given becomes the new day.';

create or replace function doc.recall_cheque_cleared_on()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  new.cleared_on := old.cleared_on;
  return new;
end
$$;

create or replace trigger t21_recall_cleared_on before update of cleared_on on doc.cheque
for each row
when (
  new.status = 'cleared'
  and old.status = 'cleared'
  and new.status_date <> old.status_date
  and old.cleared_on = old.status_date
  and new.cleared_on is null
)
execute function doc.recall_cheque_cleared_on();

comment on function doc.recall_cheque_cleared_on() is
  'Second of three where the day of a clearing is put right: gives the cleared_on back if the statement names it.';

create or replace function doc.change_cheque_status()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_allowed text;
begin
  if new.status <> old.status then
    new.status_date := coalesce(new.status_date, calc.today());
    if not exists (
      select
      from ref.cheque_transition as t
      where t.from_status = old.status and t.to_status = new.status
    ) then
      select string_agg(t.to_status, ', ' order by t.is_correction, t.to_status)
      into v_allowed
      from ref.cheque_transition as t
      where t.from_status = old.status;

      perform ref.refuse(
        'RS004',
        format('cheque %s can''t go from %s to %s', old.cheque_id, old.status, new.status),
        case
          when v_allowed is null then format('A %s cheque stays so; enter a new one.', old.status)
          else format('From %s it can go to: %s.', old.status, v_allowed)
        end
      );
    end if;
  end if;

  if new.status = 'cleared' then
    new.cleared_on := coalesce(new.cleared_on, new.status_date);
  elsif new.cleared_on = old.cleared_on then
    new.cleared_on := null;
  end if;

  return new;
end
$$;

create or replace trigger t22_change_status before update on doc.cheque
for each row
when (new.status <> old.status or new.cleared_on is distinct from old.cleared_on)
execute function doc.change_cheque_status();

comment on function doc.change_cheque_status() is
  'Last of three on a change of state: lets pass what ref.cheque_transition has (else RS004), dates a state that is not dated with calc.today(), and keeps cleared_on to cleared cheques.';
