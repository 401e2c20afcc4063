-- A cheque belongs to the day it was handed over, each of its states to a day of its own.

create or replace function ref.check_cheque_period_lock()
returns trigger
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  -- What is free in a closed period, the stamps, and what belongs to the day of a state.
  v_free constant text[] := array[
    'note', 'auto_allocate', 'created_at', 'created_by', 'updated_at', 'updated_by',
    'status', 'status_date', 'cleared_on'
  ];
  v_upto constant date := ref.closed_upto();
  v_closed record;
begin
  if v_upto is null then
    return null;
  end if;

  if tg_op = 'INSERT' then
    select least(n.doc_date, n.status_date, n.cleared_on) as day, n.cheque_id
    into v_closed
    from new_rows as n
    where least(n.doc_date, n.status_date, n.cleared_on) <= v_upto
    limit 1;
  elsif tg_op = 'DELETE' then
    select o.doc_date as day, o.cheque_id
    into v_closed
    from old_rows as o
    where o.doc_date <= v_upto
    limit 1;
  else
    select c.day, c.cheque_id
    into v_closed
    from (
      select
        o.cheque_id,
        case
          when least(o.doc_date, n.doc_date) <= v_upto
            and to_jsonb(o.said) - v_free <> to_jsonb(n.said) - v_free
            then least(o.doc_date, n.doc_date)
          -- A new state comes on an open day; one that came on a closed day stays as it is until
          -- another follows it.
          when (n.status_date <= v_upto or n.status = o.status and o.status_date <= v_upto)
            and (o.status, o.status_date) <> (n.status, n.status_date)
            then least(o.status_date, n.status_date)
          when (n.cleared_on <= v_upto or n.status = o.status and o.cleared_on <= v_upto)
            and o.cleared_on is distinct from n.cleared_on
            then least(o.cleared_on, n.cleared_on)
        end as day
      from (
        select
          row_number() over () as place, r.cheque_id, r.doc_date, r.status, r.status_date,
          r.cleared_on, r as said
        from old_rows as r
      ) as o
      full join (
        select
          row_number() over () as place, r.doc_date, r.status, r.status_date, r.cleared_on,
          r as said
        from new_rows as r
      ) as n on n.place = o.place
    ) as c
    where c.day is not null
    limit 1;
  end if;
  if not found then
    return null;
  end if;

  perform ref.refuse_closed('cheque', v_closed.cheque_id, v_closed.day, v_upto);

  -- What is changed or deleted is kept with its reason by audit.record(); what is new, here.
  if tg_op = 'INSERT' then
    insert into audit.change (table_name, action, account_id, row_key, row_kept)
    select
      'doc.cheque', 'insert', n.account_id, n.cheque_id::text, jsonb_strip_nulls(to_jsonb(n))
    from new_rows as n
    where least(n.doc_date, n.status_date, n.cleared_on) <= v_upto;
  end if;

  return null;
end
$$;

comment on function ref.check_cheque_period_lock() is
  'After each statement on cheques: as ref.check_period_lock(), by the day of hand-over; and a state is entered, dated or cleared on an open day only.';

create or replace trigger t40_period_lock_insert after insert on doc.cheque
referencing new table as new_rows
for each statement execute function ref.check_cheque_period_lock();

create or replace trigger t40_period_lock_update after update on doc.cheque
referencing old table as old_rows new table as new_rows
for each statement execute function ref.check_cheque_period_lock();

create or replace trigger t40_period_lock_delete after delete on doc.cheque
referencing old table as old_rows
for each statement execute function ref.check_cheque_period_lock();
