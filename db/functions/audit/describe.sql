create or replace function audit.describe(p_before jsonb, p_after jsonb)
returns text
language sql
immutable
parallel safe
as $$
  select string_agg(
    case
      when p_before is null or p_after is null
        then k.name || ': ' || coalesce(p_before ->> k.name, p_after ->> k.name)
      else format(
        '%s: %s → %s',
        k.name, coalesce(p_before ->> k.name, '—'), coalesce(p_after ->> k.name, '—')
      )
    end,
    '; '
    order by k.name
  )
  from (
    select jsonb_object_keys(coalesce(p_before, '{}') || coalesce(p_after, '{}')) as name
  ) as k
  where k.name not in ('created_at', 'created_by', 'updated_at', 'updated_by')
    and p_before -> k.name is distinct from p_after -> k.name
$$;

comment on function audit.describe(jsonb, jsonb) is
  'What sets two versions of a row apart, "column: before → after"; of a first or last version its values. Stamps are left out.';
