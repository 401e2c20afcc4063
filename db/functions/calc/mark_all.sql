create or replace function calc.mark_all()
returns void
language sql
volatile
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  insert into calc.dirty (month)
  select date_trunc('month', d.doc_date::timestamp)::date
  from (
    select i.doc_date
    from doc.invoice i
    union
    select l.doc_date
    from calc.line l
  ) d
  union
  select f.month
  from calc.settled_invoice f
  union
  select d.month
  from calc.receivable_day d;
end;

comment on function calc.mark_all() is
  'Marks every month there is: after rows came in past the engine, such as by a data-only restore.';
