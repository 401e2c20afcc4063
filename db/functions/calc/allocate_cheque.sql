create or replace function calc.allocate_cheque()
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
        array_agg(distinct t.cheque_id) as cheque_ids
      from (
        -- A row that says before and after the same, in what counts, stands here twice: most steps of a
        -- cheque move no money.
        select
          t.account_id, t.cheque_id, t.doc_date, t.due_date, t.amount, t.cleared_on,
          t.auto_allocate, t.counts
        from (
          select
            o.account_id, o.cheque_id, o.doc_date, o.due_date, o.amount, o.cleared_on,
            o.auto_allocate, calc.cheque_counts(o.kind, o.status) as counts
          from old_rows o
          union all
          select
            n.account_id, n.cheque_id, n.doc_date, n.due_date, n.amount, n.cleared_on,
            n.auto_allocate, calc.cheque_counts(n.kind, n.status)
          from new_rows n
        ) t
        group by
          t.account_id, t.cheque_id, t.doc_date, t.due_date, t.amount, t.cleared_on,
          t.auto_allocate, t.counts
        having count(*) = 1
      ) t
      group by t.account_id
      order by t.account_id
    loop
      -- One that counts from now on comes as a new one does.
      if cardinality(r.cheque_ids) > 1
        or exists (
          select
          from calc.credit k
          where k.account_id = r.account_id
            and k.credit_id = r.cheque_ids[1]
        )
        or not calc.append_credit(r.account_id, 'cheque', r.cheque_ids[1])
      then
        v_replayed := v_replayed + calc.bring(
          r.account_id,
          p_credit_type => 'cheque',
          p_credit_ids => r.cheque_ids
        );
      end if;
    end loop;
  else
    if tg_op = 'INSERT' then
      -- One row is by far the most frequent case.
      select t.account_id, t.cheque_id
      into v_new
      from touched t
      where not exists (select from touched offset 1);
      if found and calc.append_credit(v_new.account_id, 'cheque', v_new.cheque_id) then
        return null;
      end if;
    end if;

    for r in
      select
        t.account_id,
        array_agg(t.cheque_id) as cheque_ids
      from touched t
      group by t.account_id
      order by t.account_id
    loop
      if tg_op = 'DELETE'
        or cardinality(r.cheque_ids) > 1
        or not calc.append_credit(r.account_id, 'cheque', r.cheque_ids[1])
      then
        v_replayed := v_replayed + calc.bring(
          r.account_id,
          p_credit_type => 'cheque',
          p_credit_ids => r.cheque_ids
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

comment on function calc.allocate_cheque() is
  'After each statement on doc.cheque: brings the cheques it touched.';

create or replace trigger t50_allocate_insert
after insert on doc.cheque
referencing new table as touched
for each statement execute function calc.allocate_cheque();

create or replace trigger t50_allocate_update
after update on doc.cheque
referencing old table as old_rows new table as new_rows
for each statement execute function calc.allocate_cheque();

create or replace trigger t50_allocate_delete
after delete on doc.cheque
referencing old table as touched
for each statement execute function calc.allocate_cheque();
