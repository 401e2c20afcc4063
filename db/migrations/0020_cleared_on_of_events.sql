-- The day on which a cheque cleared stays with the event, when the cheque has it no more: what was so
-- at the end of a day before does not change with what becomes of the cheque after it.

alter table doc.cheque_event add column cleared_on ref.day;

comment on column doc.cheque_event.cleared_on is
  'Of a change to cleared: cleared_on of the cheque while it was in that state; null: of another.';

-- Events are written by the database alone; doc.shut_doors() puts the other doors back.
do $$
begin
  if exists (select from doc.cheque_event) then
    alter table doc.cheque_event disable trigger user;
    update doc.cheque_event e
    set cleared_on = e.event_date
    where e.to_status = 'cleared';
    update doc.cheque_event e
    set cleared_on = q.cleared_on
    from doc.cheque q
    cross join lateral (
      select max(l.cheque_event_id) as last_id
      from doc.cheque_event l
      where l.account_id = q.account_id
        and l.cheque_id = q.cheque_id
    ) l
    where q.status = 'cleared'
      and e.account_id = q.account_id
      and e.cheque_event_id = l.last_id
      and e.cleared_on <> q.cleared_on;
    alter table doc.cheque_event enable trigger user;
  end if;
end
$$;
