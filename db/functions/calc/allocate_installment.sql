create or replace function calc.allocate_installment()
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
        array_agg(distinct t.invoice_id) as invoice_ids
      from (
        -- A row that says before and after the same, in what counts, stands here twice.
        select
          t.account_id, t.installment_id, t.invoice_id, t.line_no, t.due_date, t.amount
        from (
          select
            o.account_id, o.installment_id, o.invoice_id, o.line_no, o.due_date, o.amount
          from old_rows o
          union all
          select
            n.account_id, n.installment_id, n.invoice_id, n.line_no, n.due_date, n.amount
          from new_rows n
        ) t
        group by
          t.account_id, t.installment_id, t.invoice_id, t.line_no, t.due_date, t.amount
        having count(*) = 1
      ) t
      group by t.account_id
      order by t.account_id
    loop
      v_replayed := v_replayed + calc.bring(
        r.account_id,
        p_invoice_ids => r.invoice_ids
      );
    end loop;
  else
    for r in
      select
        t.account_id,
        array_agg(distinct t.invoice_id) as invoice_ids
      from touched t
      group by t.account_id
      order by t.account_id
    loop
      v_replayed := v_replayed + calc.bring(
        r.account_id,
        p_invoice_ids => r.invoice_ids
      );
    end loop;
  end if;
  if v_replayed > 0 then
    perform calc.tell_replay(v_replayed);
  end if;
  return null;
end
$$;

comment on function calc.allocate_installment() is
  'After each statement on doc.installment: brings the invoices of the rows it touched.';

create or replace trigger t50_allocate_insert
after insert on doc.installment
referencing new table as touched
for each statement execute function calc.allocate_installment();

create or replace trigger t50_allocate_update
after update on doc.installment
referencing old table as old_rows new table as new_rows
for each statement execute function calc.allocate_installment();

create or replace trigger t50_allocate_delete
after delete on doc.installment
referencing old table as touched
for each statement execute function calc.allocate_installment();
