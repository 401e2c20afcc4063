create or replace function calc.allocate_pin()
returns trigger
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  r record;
begin
  if tg_op = 'INSERT' then
    for r in
      select
        t.account_id,
        array_agg(t.invoice_id) as told_invoice_ids,
        array_agg(coalesce(t.payment_id, t.cheque_id, t.set_off_id)) as told_credit_ids
      from new_rows t
      group by t.account_id
      order by t.account_id
    loop
      perform calc.bring(
        r.account_id,
        p_told_invoice_ids => r.told_invoice_ids,
        p_told_credit_ids => r.told_credit_ids
      );
    end loop;
  elsif tg_op = 'UPDATE' then
    for r in
      select
        t.account_id,
        array_agg(t.invoice_id) as told_invoice_ids,
        array_agg(coalesce(t.payment_id, t.cheque_id, t.set_off_id)) as told_credit_ids
      from (
        select t.account_id, t.cheque_id, t.invoice_id, t.payment_id, t.set_off_id
        from old_rows t
        where not exists (
          select
          from new_rows n
          where n.account_id = t.account_id
            and n.pin_id = t.pin_id
            and (n.payment_id, n.cheque_id, n.set_off_id, n.invoice_id, n.amount)
              is not distinct from (t.payment_id, t.cheque_id, t.set_off_id, t.invoice_id, t.amount)
        )
        union all
        select t.account_id, t.cheque_id, t.invoice_id, t.payment_id, t.set_off_id
        from new_rows t
        where not exists (
          select
          from old_rows o
          where o.account_id = t.account_id
            and o.pin_id = t.pin_id
            and (o.payment_id, o.cheque_id, o.set_off_id, o.invoice_id, o.amount)
              is not distinct from (t.payment_id, t.cheque_id, t.set_off_id, t.invoice_id, t.amount)
        )
      ) t
      group by t.account_id
      order by t.account_id
    loop
      perform calc.bring(
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
      from old_rows t
      group by t.account_id
      order by t.account_id
    loop
      perform calc.bring(
        r.account_id,
        p_told_invoice_ids => r.told_invoice_ids,
        p_told_credit_ids => r.told_credit_ids
      );
    end loop;
  end if;
  return null;
end
$$;

comment on function calc.allocate_pin() is
  'After each statement on doc.pin: brings what the pins it touched name.';

create or replace trigger t50_allocate_insert
after insert on doc.pin
referencing new table as new_rows
for each statement execute function calc.allocate_pin();

create or replace trigger t50_allocate_update
after update on doc.pin
referencing old table as old_rows new table as new_rows
for each statement execute function calc.allocate_pin();

create or replace trigger t50_allocate_delete
after delete on doc.pin
referencing old table as old_rows
for each statement execute function calc.allocate_pin();
