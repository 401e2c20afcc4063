create or replace function calc.allocate_invoice()
returns trigger
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_new record;
  r record;
  -- Of its type: a cast in PL/pgSQL is set up anew in each transaction.
  v_replayed bigint := 0::bigint;
begin
  if tg_op = 'UPDATE' then
    for r in
      select
        t.account_id,
        array_agg(distinct t.invoice_id) as invoice_ids
      from (
        -- A row that says before and after the same, in what counts, stands here twice.
        select
          t.account_id, t.invoice_id, t.kind, t.doc_date, t.due_date, t.payment_term_id,
          t.amount, t.auto_allocate, t.status
        from (
          select
            o.account_id, o.invoice_id, o.kind, o.doc_date, o.due_date, o.payment_term_id,
            o.amount, o.auto_allocate, o.status
          from old_rows o
          union all
          select
            n.account_id, n.invoice_id, n.kind, n.doc_date, n.due_date, n.payment_term_id,
            n.amount, n.auto_allocate, n.status
          from new_rows n
        ) t
        group by
          t.account_id, t.invoice_id, t.kind, t.doc_date, t.due_date, t.payment_term_id,
          t.amount, t.auto_allocate, t.status
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
    if tg_op = 'INSERT' then
      -- One row is by far the most frequent case.
      select t.account_id, t.invoice_id
      into v_new
      from touched t
      where not exists (select from touched offset 1);
      if found and calc.append_invoice(v_new.account_id, v_new.invoice_id) then
        return null;
      end if;
    end if;

    for r in
      select
        t.account_id,
        array_agg(t.invoice_id) as invoice_ids
      from touched t
      group by t.account_id
      order by t.account_id
    loop
      if tg_op = 'DELETE'
        or cardinality(r.invoice_ids) > 1
        or not calc.append_invoice(r.account_id, r.invoice_ids[1])
      then
        v_replayed := v_replayed + calc.bring(
          r.account_id,
          p_invoice_ids => r.invoice_ids
        );
      end if;
    end loop;
  end if;
  if v_replayed > 0 then
    perform calc.tell_replay(v_replayed);
  end if;
  return null;
end
$$;

comment on function calc.allocate_invoice() is
  'After each statement on doc.invoice: brings the accounts of the rows it touched.';

create or replace trigger t50_allocate_insert
after insert on doc.invoice
referencing new table as touched
for each statement execute function calc.allocate_invoice();

create or replace trigger t50_allocate_update
after update on doc.invoice
referencing old table as old_rows new table as new_rows
for each statement execute function calc.allocate_invoice();

create or replace trigger t50_allocate_delete
after delete on doc.invoice
referencing old table as touched
for each statement execute function calc.allocate_invoice();
