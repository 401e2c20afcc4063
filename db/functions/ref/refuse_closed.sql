create or replace function ref.refuse_closed(p_document text, p_id bigint, p_day date, p_upto date)
returns void
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
  if not pg_has_role(
    coalesce(nullif(current_setting('role'), 'none'), session_user)::name, 'rasid_finance', 'member'
  ) then
    perform ref.refuse(
      'RS403',
      format(
        '%s %s: %s is in the period that is closed to %s', p_document, p_id, p_day, p_upto
      )
    );
  end if;
  if coalesce(current_setting('rasid.lock_reason', true), '') !~ '\S' then
    perform ref.refuse(
      'RS404',
      format(
        '%s %s: %s is in the period that is closed to %s, and no reason is given',
        p_document, p_id, p_day, p_upto
      )
    );
  end if;
end
$$;

comment on function ref.refuse_closed(text, bigint, date, date) is
  'Refuses to touch a document of a closed period: RS403 unless the session acts as a member of rasid_finance, RS404 unless it gives a reason (rasid.lock_reason).';
