create or replace function ref.reopen_period(p_upto date, p_reason text)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if coalesce(p_reason, '') !~ '\S' then
    perform ref.refuse('RS404', 'a closed period is reopened with a reason');
  end if;
  if not exists (select from ref.period_lock as p where p.closed_upto = p_upto) then
    perform ref.refuse(
      'RS407', format('no period was closed to %s', coalesce(p_upto::text, 'no day'))
    );
  end if;

  perform set_config('rasid.lock_reason', p_reason, true);
  delete from ref.period_lock as p where p.closed_upto >= p_upto;
  perform set_config('rasid.lock_reason', '', true);
end
$$;

comment on function ref.reopen_period(date, text) is
  'Opens again the period that was closed to this day, and those closed after it. The audit keeps the closing and the reason. Refused: no such closing (RS407), no reason (RS404).';
