create or replace function inbox.columns(p_document text)
returns table (column_name text, default_value text, is_required boolean)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  select
    a.attname::text,
    coalesce(pg_get_expr(d.adbin, d.adrelid), 'null'),
    -- The state of a cheque is dated by its hand-over.
    a.attnotnull and d.adbin is null and a.attname <> 'status_date' and exists (
      select
      from pg_attribute as r
      where r.attrelid = format('inbox.%I', p_document)::regclass and r.attname = a.attname
    )
  from pg_attribute as a
  join pg_attribute as v
    on v.attname = a.attname
    and v.attrelid = format('inbox.%I', p_document || '_reading')::regclass
  left join pg_attrdef as d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where a.attrelid = inbox.target(p_document)
  and a.attnum > 0
  and a.attname not in ('account_id', 'source', 'external_id')
  order by a.attnum
$$;

comment on function inbox.columns(text) is
  'What the inbox knows of a document beside the keys that find it again: its columns in the reading
view, what a new row has where nothing is said, and whether a new row must say it.';
