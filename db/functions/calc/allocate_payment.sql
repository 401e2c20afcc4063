create or replace function calc.allocate_payment()
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
        array_agg(distinct t.payment_id) as payment_ids,
        array_agg(distinct t.cheque_id) filter (where t.cheque_id is not null) as cheque_ids
      from (
        -- A row that says before and after the same, in what counts, stands here twice.
        select
          t.account_id, t.payment_id, t.doc_date, t.value_date, t.amount, t.cheque_id,
          t.auto_allocate, t.status
        from (
          select
            o.account_id, o.payment_id, o.doc_date, o.value_date, o.amount, o.cheque_id,
            o.auto_allocate, o.status
          from old_rows o
          union all
          select
            n.account_id, n.payment_id, n.doc_date, n.value_date, n.amount, n.cheque_id,
            n.auto_allocate, n.status
          from new_rows n
        ) t
        group by
          t.account_id, t.payment_id, t.doc_date, t.value_date, t.amount, t.cheque_id,
          t.auto_allocate, t.status
        having count(*) = 1
      ) t
      group by t.account_id
      order by t.account_id
    loop
      -- One that counts from now on comes as a new one does.
      if cardinality(r.payment_ids) > 1
        or exists (
          select
          from calc.credit k
          where k.account_id = r.account_id
            and k.credit_id = r.payment_ids[1]
        )
        or not calc.append_credit(r.account_id, 'payment', r.payment_ids[1])
      then
        v_replayed := v_replayed + calc.bring(
          r.account_id,
          p_credit_type => 'payment',
          p_credit_ids => r.payment_ids
        );
      end if;
      if r.cheque_ids is not null then
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
      select t.account_id, t.payment_id
      into v_new
      from touched t
      where t.cheque_id is null
        and not exists (select from touched offset 1);
      if found and calc.append_credit(v_new.account_id, 'payment', v_new.payment_id) then
        return null;
      end if;
    end if;

    for r in
      select
        t.account_id,
        array_agg(t.payment_id) as payment_ids,
        array_agg(distinct t.cheque_id) filter (where t.cheque_id is not null) as cheque_ids
      from touched t
      group by t.account_id
      order by t.account_id
    loop
      if tg_op = 'DELETE'
        or cardinality(r.payment_ids) > 1
        or not calc.append_credit(r.account_id, 'payment', r.payment_ids[1])
      then
        v_replayed := v_replayed + calc.bring(
          r.account_id,
          p_credit_type => 'payment',
          p_credit_ids => r.payment_ids
        );
      end if;
      if r.cheque_ids is not null then
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

comment on function calc.allocate_payment() is
  'After each statement on doc.payment: brings the payments it touched, and the cheques of which they are a part.';

create or replace trigger t50_allocate_insert
after insert on doc.payment
referencing new table as touched
for each statement execute function calc.allocate_payment();

create or replace trigger t50_allocate_update
after update on doc.payment
referencing old table as old_rows new table as new_rows
for each statement execute function calc.allocate_payment();

create or replace trigger t50_allocate_delete
after delete on doc.payment
referencing old table as touched
for each statement execute function calc.allocate_payment();
