create or replace function calc.allocate_adjustment()
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
        array_agg(distinct t.adjustment_id) as adjustment_ids,
        array_agg(distinct t.invoice_id) filter (where t.invoice_id is not null) as told_invoice_ids
      from (
        -- A row that says before and after the same, in what counts, stands here twice.
        select
          t.account_id, t.adjustment_id, t.kind, t.doc_date, t.amount, t.invoice_id, t.status
        from (
          select
            o.account_id, o.adjustment_id, o.kind, o.doc_date, o.amount, o.invoice_id,
            o.status
          from old_rows o
          union all
          select
            n.account_id, n.adjustment_id, n.kind, n.doc_date, n.amount, n.invoice_id,
            n.status
          from new_rows n
        ) t
        group by
          t.account_id, t.adjustment_id, t.kind, t.doc_date, t.amount, t.invoice_id, t.status
        having count(*) = 1
      ) t
      group by t.account_id
      order by t.account_id
    loop
      v_replayed := v_replayed + calc.bring(
        r.account_id,
        p_credit_type => 'adjustment',
        p_credit_ids => r.adjustment_ids,
        p_told_invoice_ids => r.told_invoice_ids
      );
    end loop;
  else
    for r in
      select
        t.account_id,
        array_agg(t.adjustment_id) as adjustment_ids,
        array_agg(t.invoice_id) filter (where t.invoice_id is not null) as told_invoice_ids
      from touched t
      group by t.account_id
      order by t.account_id
    loop
      v_replayed := v_replayed + calc.bring(
        r.account_id,
        p_credit_type => 'adjustment',
        p_credit_ids => r.adjustment_ids,
        p_told_invoice_ids => r.told_invoice_ids
      );
    end loop;
  end if;
  if v_replayed > 0 then
    perform calc.tell_replay(v_replayed);
  end if;
  return null;
end
$$;

comment on function calc.allocate_adjustment() is
  'After each statement on doc.adjustment: brings the rows it touched, and the invoices they name.';

create or replace trigger t50_allocate_insert
after insert on doc.adjustment
referencing new table as touched
for each statement execute function calc.allocate_adjustment();

create or replace trigger t50_allocate_update
after update on doc.adjustment
referencing old table as old_rows new table as new_rows
for each statement execute function calc.allocate_adjustment();

create or replace trigger t50_allocate_delete
after delete on doc.adjustment
referencing old table as touched
for each statement execute function calc.allocate_adjustment();
