create or replace function inbox.find_cheque(
  p_account_id bigint, p_source text, p_external_id text, p_sayad_id text
)
returns table (cheque_id bigint, complaint inbox.complaint[])
language sql
stable
as $$
  select
    f.cheque_id,
    case
      when p_account_id is null or coalesce(p_external_id, p_sayad_id) is null
        then null
      when f.found = 0
        then array[(
          'cheque_unknown',
          format('cheque "%s" is not in the account', coalesce(p_external_id, p_sayad_id))
        )::inbox.complaint]
      when f.cheque_id is null
        then array[(
          'cheque_ambiguous',
          format('the account has %s cheques "%s"', f.found, coalesce(p_external_id, p_sayad_id))
        )::inbox.complaint]
    end
  from (
    -- Of several, the only one that is in force.
    select
      count(*) as found,
      case
        when count(*) filter (where n.is_in_force) = 1
          then min(n.cheque_id) filter (where n.is_in_force)
        when count(*) = 1
          then min(n.cheque_id)
      end as cheque_id
    from (
      select d.cheque_id, d.status not in ('returned', 'void') as is_in_force
      from doc.cheque as d
      where d.account_id = p_account_id
      and d.source = p_source
      and d.external_id = p_external_id
      union all
      select d.cheque_id, d.status not in ('returned', 'void')
      from doc.cheque as d
      where d.account_id = p_account_id
      and d.sayad_id = p_sayad_id
      and p_external_id is null
    ) as n
  ) as f
$$;

comment on function inbox.find_cheque(bigint, text, text, text) is
  'The cheque of an account that a row of the inbox names, by external id or else by sayad_id;
why there is none, or none that is meant alone. Both null if the row names none. One row.';
