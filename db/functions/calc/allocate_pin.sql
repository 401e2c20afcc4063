create or replace function calc.allocate_pin()
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
        array_agg(distinct t.invoice_id) as told_invoice_ids,
        array_agg(coalesce(t.payment_id, t.cheque_id, t.set_off_id)) as told_credit_ids
      from (
        -- A row that says before and after the same, in what counts, stands here twice.
        select
          t.account_id, t.pin_id, t.payment_id, t.cheque_id, t.set_off_id, t.invoice_id,
          t.amount
        from (
          select
            o.account_id, o.pin_id, o.payment_id, o.cheque_id, o.set_off_id, o.invoice_id,
            o.amount
          from old_rows o
          union all
          select
            n.account_id, n.pin_id, n.payment_id, n.cheque_id, n.set_off_id, n.invoice_id,
            n.amount
          from new_rows n
        ) t
        group by
          t.account_id, t.pin_id, t.payment_id, t.cheque_id, t.set_off_id, t.invoice_id,
          t.amount
        having count(*) = 1
      ) t
      group by t.account_id
      order by t.account_id
    loop
      v_replayed := v_replayed + calc.bring(
        r.account_id,
        p_told_invoice_ids => r.told_invoice_ids,
        p_told_credit_ids => r.told_credit_ids
      );
    end loop;
  else
    for r in
      select
        t.account_id,
        array_agg(t.invoice_id) as told_invoice_ids,
        array_agg(coalesce(t.payment_id, t.cheque_id, t.set_off_id)) as told_credit_ids
      from touched t
      group by t.account_id
      order by t.account_id
    loop
      v_replayed := v_replayed + calc.bring(
        r.account_id,
        p_told_invoice_ids => r.told_invoice_ids,
        p_told_credit_ids => r.told_credit_ids
      );
    end loop;
  end if;
  if v_replayed > 0 then
    perform calc.tell_replay(v_replayed);
  end if;
  return null;
end
$$;

comment on function calc.allocate_pin() is
  'After each statement on doc.pin: brings what the pins it touched name.';

create or replace trigger t50_allocate_insert
after insert on doc.pin
referencing new table as touched
for each statement execute function calc.allocate_pin();

create or replace trigger t50_allocate_update
after update on doc.pin
referencing old table as old_rows new table as new_rows
for each statement execute function calc.allocate_pin();

create or replace trigger t50_allocate_delete
after delete on doc.pin
referencing old table as touched
for each statement execute function calc.allocate_pin();
