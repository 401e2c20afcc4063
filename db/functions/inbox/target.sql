create or replace function inbox.target(p_document text)
returns regclass
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  select format(
    '%I.%I', case when p_document in ('party', 'account') then 'ref' else 'doc' end, p_document
  )::regclass
$$;

comment on function inbox.target(text) is
  'The table into which rows of an inbox table go. Raises 42P01 if there is none of the name.';
