create or replace function doc.check_set_off()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_leg record;
  v_total record;
begin
  -- The row as it was and as it is: a leg may have left one set-off for another.
  for v_leg in
    select distinct l.source, l.set_off_no, a.currency
    from (
      values
        (old.account_id, old.source, old.set_off_no),
        (new.account_id, new.source, new.set_off_no)
    ) as l (account_id, source, set_off_no)
    join ref.account as a on a.account_id = l.account_id
    order by l.source, l.set_off_no, a.currency
  loop
    -- Taken before anything is read, so that of two who write legs of one set-off the later one
    -- sees the legs of both. 1024 locks at most: a load has more set-offs than the server locks.
    perform pg_advisory_xact_lock(
      hashtext('doc.set_off'),
      hashtext(concat_ws(e'\n', v_leg.source, v_leg.set_off_no, v_leg.currency)) & 1023
    );

    select
      coalesce(sum(s.amount) filter (where a.side = 'receivable'), 0) as receivable,
      coalesce(sum(s.amount) filter (where a.side = 'payable'), 0) as payable,
      min(s.doc_date) as first_day,
      max(s.doc_date) as last_day
    into v_total
    from doc.set_off as s
    join ref.account as a on a.account_id = s.account_id
    where s.source = v_leg.source
      and s.set_off_no = v_leg.set_off_no
      and s.status = 'active'
      and a.currency = v_leg.currency;

    if v_total.receivable <> v_total.payable then
      perform ref.refuse(
        'RS007',
        format(
          'set-off %s (%s) takes %s from receivable accounts and %s from payable ones',
          v_leg.set_off_no, v_leg.currency, v_total.receivable, v_total.payable
        )
      );
    end if;
    if v_total.first_day <> v_total.last_day then
      perform ref.refuse(
        'RS008',
        format(
          'set-off %s (%s) has legs on %s and on %s',
          v_leg.set_off_no, v_leg.currency, v_total.first_day, v_total.last_day
        )
      );
    end if;
  end loop;

  return null;
end
$$;

comment on function doc.check_set_off() is
  'At commit: refuses a set-off whose active receivable legs don''t equal its payable legs in a currency (RS007) or are not on one day (RS008).';

drop trigger if exists t60_balance_insert on doc.set_off;
create constraint trigger t60_balance_insert after insert on doc.set_off
deferrable initially deferred
for each row
when (new.status = 'active')
execute function doc.check_set_off();

drop trigger if exists t60_balance_update on doc.set_off;
create constraint trigger t60_balance_update after update on doc.set_off
deferrable initially deferred
for each row
when (
  (new.account_id, new.source, new.set_off_no, new.doc_date, new.amount, new.status)
  <> (old.account_id, old.source, old.set_off_no, old.doc_date, old.amount, old.status)
)
execute function doc.check_set_off();

drop trigger if exists t60_balance_delete on doc.set_off;
create constraint trigger t60_balance_delete after delete on doc.set_off
deferrable initially deferred
for each row
when (old.status = 'active')
execute function doc.check_set_off();
