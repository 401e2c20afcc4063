create or replace function calc.check_set_off()
returns trigger
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
set enable_seqscan = off
as $$
declare
  v_lock_no int;
  v_off record;
begin
  -- The first row of the list to come here did the work for all of them.
  if not exists (
    select
    from calc.set_off_touched t
    where t.set_off_touched_id = new.set_off_touched_id
  ) then
    return null;
  end if;

  -- Taken before anything is read, so that of two who write legs of one set-off the later one
  -- sees the legs of both; in order, so that two loads don't wait for each other crosswise.
  for v_lock_no in
    select distinct
      hashtext(concat_ws(e'\n', t.source, t.set_off_no, t.currency)) & 1023 as lock_no
    from calc.set_off_touched t
    order by lock_no
  loop
    insert into calc.set_off_lock as l (set_off_lock_no)
    values (v_lock_no)
    on conflict (set_off_lock_no) do update
    set change_count = l.change_count + 1;
  end loop;

  with touched as (
    delete from calc.set_off_touched t
    returning t.source, t.set_off_no, t.currency
  )
  select
    t.source,
    t.set_off_no,
    t.currency,
    s.receivable,
    s.payable,
    s.first_day,
    s.last_day
  into v_off
  from (
    select distinct t.source, t.set_off_no, t.currency
    from touched t
  ) t
  cross join lateral (
    select
      coalesce(sum(s.amount) filter (where a.side = 'receivable'), 0) as receivable,
      coalesce(sum(s.amount) filter (where a.side = 'payable'), 0) as payable,
      min(s.doc_date) as first_day,
      max(s.doc_date) as last_day
    from (
      select s.account_id, s.amount, s.doc_date
      from doc.set_off s
      where s.source = t.source
        and s.set_off_no = t.set_off_no
        and s.status = 'active'
      offset 0
    ) s
    cross join lateral (
      select a.side, a.currency
      from ref.account a
      where a.account_id = s.account_id
      offset 0
    ) a
    where a.currency = t.currency
  ) s
  where s.receivable <> s.payable
    or s.first_day <> s.last_day
  order by t.source, t.set_off_no, t.currency
  limit 1;

  if v_off.receivable <> v_off.payable then
    perform ref.refuse(
      'RS007',
      format(
        'set-off %s (%s) takes %s from receivable accounts and %s from payable ones',
        v_off.set_off_no, v_off.currency, v_off.receivable, v_off.payable
      )
    );
  elsif v_off.first_day <> v_off.last_day then
    perform ref.refuse(
      'RS008',
      format(
        'set-off %s (%s) has legs on %s and on %s',
        v_off.set_off_no, v_off.currency, v_off.first_day, v_off.last_day
      )
    );
  end if;
  return null;
end
$$;

comment on function calc.check_set_off() is
  'At commit: refuses a set-off whose active receivable legs don''t equal its payable legs in a currency (RS007) or are not on one day (RS008). Once for all set-offs that the transaction touched.';

drop trigger if exists t60_balance on calc.set_off_touched;
create constraint trigger t60_balance after insert on calc.set_off_touched
deferrable initially deferred
for each row execute function calc.check_set_off();
