-- The events are brought to what the cheques now say; nothing is taken from the rows of the statement
-- but their keys, so it is right for rows that moved, and whatever else the statement did: a trigger of
-- somebody's own can have changed a cheque again before its events are written. Each cheque is looked up
-- by its key (offset 0 keeps it so), by a plan too that was made while there were few.

create or replace function doc.record_new_cheque()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
as $$
begin
  insert into doc.cheque_event (
    account_id, cheque_id, from_status, to_status, event_date, cleared_on
  )
  select q.account_id, q.cheque_id, e.from_status, e.to_status, e.event_date, e.cleared_on
  from new_rows as n
  cross join lateral (
    select q.account_id, q.cheque_id, q.status, q.status_date, q.doc_date, q.cleared_on
    from doc.cheque as q
    where q.account_id = n.account_id
      and q.cheque_id = n.cheque_id
      and not exists (
        select
        from doc.cheque_event as e
        where e.account_id = q.account_id and e.cheque_id = q.cheque_id
      )
    offset 0
  ) as q
  cross join lateral (
    values
      (
        1, null, case q.status when 'submitted' then 'submitted' else 'in_hand' end, q.doc_date,
        null::date
      ),
      (2, 'in_hand', q.status, q.status_date, q.cleared_on)
  ) as e (step, from_status, to_status, event_date, cleared_on)
  where e.step = 1 or q.status not in ('submitted', 'in_hand')
  order by q.cheque_id, q.account_id, e.step;

  return null;
end
$$;

create or replace trigger t30_event_insert after insert on doc.cheque
referencing new table as new_rows
for each statement execute function doc.record_new_cheque();

comment on function doc.record_new_cheque() is
  'Writes the events of new cheques: in_hand (or submitted) on doc_date and, if the state is another, that one on status_date.';

create or replace function doc.record_cheque()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
as $$
begin
  -- Of a cheque that is changed within the statement that brings it.
  insert into doc.cheque_event (account_id, cheque_id, to_status, event_date)
  select
    q.account_id,
    q.cheque_id,
    case q.status when 'submitted' then 'submitted' else 'in_hand' end,
    q.doc_date
  from new_rows as n
  cross join lateral (
    select q.account_id, q.cheque_id, q.status, q.doc_date
    from doc.cheque as q
    where q.account_id = n.account_id
      and q.cheque_id = n.cheque_id
      and not exists (
        select
        from doc.cheque_event as e
        where e.account_id = q.account_id and e.cheque_id = q.cheque_id
      )
    offset 0
  ) as q
  order by q.cheque_id, q.account_id;

  with changed as materialized (
    select q.account_id, q.cheque_id, q.status, q.status_date, q.doc_date, q.cleared_on
    from (
      select n.account_id, n.cheque_id, n.status, n.status_date, n.doc_date, n.cleared_on
      from new_rows as n
      except
      select o.account_id, o.cheque_id, o.status, o.status_date, o.doc_date, o.cleared_on
      from old_rows as o
    ) as n
    cross join lateral (
      select q.account_id, q.cheque_id, q.status, q.status_date, q.doc_date, q.cleared_on
      from doc.cheque as q
      where q.account_id = n.account_id and q.cheque_id = n.cheque_id
      offset 0
    ) as q
  ),
  recorded as materialized (
    select
      c.account_id,
      c.cheque_id,
      c.status,
      c.status_date,
      c.cleared_on,
      e.cheque_event_id,
      e.from_status,
      e.to_status
    from changed as c
    cross join lateral (
      select e.cheque_event_id, e.from_status, e.to_status
      from doc.cheque_event as e
      where e.account_id = c.account_id and e.cheque_id = c.cheque_id
      order by e.cheque_event_id desc
      limit 1
    ) as e
  ),
  first_dated as (
    update doc.cheque_event as e
    set event_date = c.doc_date
    from changed as c
    where e.account_id = c.account_id
      and e.cheque_id = c.cheque_id
      and e.from_status is null
      and e.event_date <> c.doc_date
  ),
  last_dated as (
    update doc.cheque_event as e
    set event_date = r.status_date, cleared_on = r.cleared_on
    from recorded as r
    where e.account_id = r.account_id
      and e.cheque_event_id = r.cheque_event_id
      and e.from_status is not null
      and e.to_status = r.status
      and (e.event_date, e.cleared_on) is distinct from (r.status_date, r.cleared_on)
  )
  insert into doc.cheque_event (
    account_id, cheque_id, from_status, to_status, event_date, cleared_on
  )
  select r.account_id, r.cheque_id, r.to_status, r.status, r.status_date, r.cleared_on
  from recorded as r
  where r.to_status <> r.status
  order by r.cheque_id, r.account_id;

  return null;
end
$$;

create or replace trigger t30_event_update after update on doc.cheque
referencing old table as old_rows new table as new_rows
for each statement execute function doc.record_cheque();

comment on function doc.record_cheque() is
  'Brings the events of changed cheques to what they say: a new state on status_date; the first event follows doc_date, the last one status_date and cleared_on.';
