create or replace function doc.default_cheque()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  new.status_date := coalesce(new.status_date, new.doc_date);
  if new.status = 'cleared' then
    new.cleared_on := coalesce(new.cleared_on, new.status_date);
  end if;

  return new;
end
$$;

create or replace trigger t20_default before insert on doc.cheque
for each row
when (new.status_date is null or new.status = 'cleared' and new.cleared_on is null)
execute function doc.default_cheque();

comment on function doc.default_cheque() is
  'Dates the state of a new cheque by its hand-over, and its clearing by its state, where they are not given.';
