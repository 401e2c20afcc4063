create or replace function inbox.find_set_off(
  p_account_id bigint, p_source text, p_external_id text, p_set_off_no text
)
returns table (set_off_id bigint, complaint inbox.complaint[])
language sql
stable
as $$
  select
    f.set_off_id,
    case
      when p_account_id is null or coalesce(p_external_id, p_set_off_no) is null
        then null
      when f.found = 0
        then array[(
          'set_off_unknown',
          format('set-off "%s" is not in the account', coalesce(p_external_id, p_set_off_no))
        )::inbox.complaint]
      when f.set_off_id is null
        then array[(
          'set_off_ambiguous',
          format('the account has %s set-offs "%s"', f.found, coalesce(p_external_id, p_set_off_no))
        )::inbox.complaint]
    end
  from (
    -- Of several, the only one that is in force.
    select
      count(*) as found,
      case
        when count(*) filter (where n.is_in_force) = 1
          then min(n.set_off_id) filter (where n.is_in_force)
        when count(*) = 1
          then min(n.set_off_id)
      end as set_off_id
    from (
      select d.set_off_id, d.status = 'active' as is_in_force
      from doc.set_off as d
      where d.account_id = p_account_id
      and d.source = p_source
      and d.external_id = p_external_id
      union all
      select d.set_off_id, d.status = 'active'
      from doc.set_off as d
      where d.account_id = p_account_id
      and d.set_off_no = p_set_off_no
      and p_external_id is null
    ) as n
  ) as f
$$;

comment on function inbox.find_set_off(bigint, text, text, text) is
  'The set-off of an account that a row of the inbox names, by external id or else by set_off_no;
why there is none, or none that is meant alone. Both null if the row names none. One row.';
