-- "offset 0" here and in calc.check_set_off(): looked up by key, whatever the statistics say of tables
-- that a load is filling.

create or replace function calc.touch_set_off()
returns trigger
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op = 'UPDATE' then
    insert into calc.set_off_touched (source, set_off_no, currency)
    select distinct t.source, t.set_off_no, a.currency
    from (
      -- As it was and as it is: a leg may have left one set-off for another. A leg that says the
      -- same before and after stands here twice.
      select t.account_id, t.set_off_id, t.source, t.set_off_no, t.doc_date, t.amount
      from (
        select o.account_id, o.set_off_id, o.source, o.set_off_no, o.doc_date, o.amount
        from old_rows o
        where o.status = 'active'
        union all
        select n.account_id, n.set_off_id, n.source, n.set_off_no, n.doc_date, n.amount
        from new_rows n
        where n.status = 'active'
      ) t
      group by t.account_id, t.set_off_id, t.source, t.set_off_no, t.doc_date, t.amount
      having count(*) = 1
    ) t
    cross join lateral (
      select a.currency
      from ref.account a
      where a.account_id = t.account_id
      offset 0
    ) a;
  else
    insert into calc.set_off_touched (source, set_off_no, currency)
    select distinct t.source, t.set_off_no, a.currency
    from touched t
    cross join lateral (
      select a.currency
      from ref.account a
      where a.account_id = t.account_id
      offset 0
    ) a
    where t.status = 'active';
  end if;
  return null;
end
$$;

comment on function calc.touch_set_off() is
  'After each statement on doc.set_off: puts the set-offs whose active legs changed on the list that is checked at commit.';

create or replace trigger t60_touch_insert
after insert on doc.set_off
referencing new table as touched
for each statement execute function calc.touch_set_off();

create or replace trigger t60_touch_update
after update on doc.set_off
referencing old table as old_rows new table as new_rows
for each statement execute function calc.touch_set_off();

create or replace trigger t60_touch_delete
after delete on doc.set_off
referencing old table as touched
for each statement execute function calc.touch_set_off();
