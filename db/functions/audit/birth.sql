create or replace function audit.birth(p_row jsonb)
returns audit.event
language sql
stable
as $$
  select row(
    (p_row ->> 'created_at')::timestamptz,
    p_row ->> 'created_by',
    coalesce(s.login, p_row ->> 'created_by'),
    'created',
    audit.describe(null, p_row),
    null,
    s.transaction_id
  )::audit.event
  from (select) as one
  left join audit.signature as s
    on s.signed_at = (p_row ->> 'created_at')::timestamptz and s.name = p_row ->> 'created_by'
  order by s.transaction_id
  limit 1
$$;

comment on function audit.birth(jsonb) is
  'How a row came to be, by its own stamps; the login from audit.signature where it wrote under another name.';
