create or replace function calc.allocate_set_off()
returns trigger
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  r record;
  v_replayed bigint := 0;
begin
  if tg_op = 'UPDATE' then
    for r in
      select
        t.account_id,
        array_agg(distinct t.set_off_id) as set_off_ids
      from (
        -- A row that says before and after the same, in what counts, stands here twice.
        select
          t.account_id, t.set_off_id, t.doc_date, t.amount, t.status
        from (
          select
            o.account_id, o.set_off_id, o.doc_date, o.amount, o.status
          from old_rows o
          union all
          select
            n.account_id, n.set_off_id, n.doc_date, n.amount, n.status
          from new_rows n
        ) t
        group by
          t.account_id, t.set_off_id, t.doc_date, t.amount, t.status
        having count(*) = 1
      ) t
      group by t.account_id
      order by t.account_id
    loop
      v_replayed := v_replayed + calc.bring(
        r.account_id,
        p_credit_type => 'set_off',
        p_credit_ids => r.set_off_ids
      );
    end loop;
  else
    for r in
      select
        t.account_id,
        array_agg(t.set_off_id) as set_off_ids
      from touched t
      group by t.account_id
      order by t.account_id
    loop
      v_replayed := v_replayed + calc.bring(
        r.account_id,
        p_credit_type => 'set_off',
        p_credit_ids => r.set_off_ids
      );
    end loop;
  end if;
  if v_replayed > 0 then
    perform calc.tell_replay(v_replayed);
  end if;
  return null;
end
$$;

comment on function calc.allocate_set_off() is
  'After each statement on doc.set_off: brings the legs it touched.';

create or replace trigger t50_allocate_insert
after insert on doc.set_off
referencing new table as touched
for each statement execute function calc.allocate_set_off();

create or replace trigger t50_allocate_update
after update on doc.set_off
referencing old table as old_rows new table as new_rows
for each statement execute function calc.allocate_set_off();

create or replace trigger t50_allocate_delete
after delete on doc.set_off
referencing old table as touched
for each statement execute function calc.allocate_set_off();
