create or replace function inbox.refusal_complaint(
  p_sqlstate text, p_message text, p_hint text, p_schema text, p_table text, p_constraint text
)
returns inbox.complaint
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  select (
    coalesce(nullif(p_constraint, ''), p_sqlstate),
    concat_ws(
      '. ',
      rtrim(coalesce(
        replace(
          (
            select coalesce(
              obj_description(c.oid, 'pg_constraint'),
              obj_description(
                to_regclass(format('%I.%I', p_schema, p_constraint)), 'pg_class'
              )
            )
            from (select 1) as one
            left join pg_constraint as c
              on c.conname = p_constraint
              and c.conrelid = to_regclass(format('%I.%I', p_schema, p_table))
          ),
          ' | ',
          ' '
        ),
        p_message
      ), '.'),
      nullif(p_hint, '')
    )
  )::inbox.complaint
$$;

comment on function inbox.refusal_complaint(text, text, text, text, text, text) is
  'What the database said when it refused a row, as a complaint: the constraint''s own sentence
where it has one.';
