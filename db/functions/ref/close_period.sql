create or replace function ref.close_period(p_upto date, p_reason text)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_last date;
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    perform ref.refuse('RS408', 'a period is not closed from an old snapshot');
  end if;

  -- Whoever is writing is waited for, and whoever comes after sees the closing.
  lock table doc.invoice, doc.payment, doc.cheque, doc.credit_note, doc.adjustment, doc.set_off
  in share mode;
  update ref.period_fence as f set closing_count = f.closing_count + 1;

  select max(p.closed_upto) into v_last from ref.period_lock as p;
  if p_upto is null or p_upto > calc.today() then
    perform ref.refuse(
      'RS405', format('the period to %s has not ended', coalesce(p_upto::text, 'no day'))
    );
  end if;
  if p_upto <= v_last then
    perform ref.refuse('RS406', format('the period to %s is closed already', v_last));
  end if;

  insert into ref.period_lock (closed_upto, reason) values (p_upto, coalesce(p_reason, ''));
end
$$;

comment on function ref.close_period(date, text) is
  'Closes the period to the end of a day: waits for those who are writing documents, then lets nothing dated in it be written (RS403). The reason is kept. Refused: a day to come (RS405), one that is closed (RS406), REPEATABLE READ and SERIALIZABLE (RS408).';
