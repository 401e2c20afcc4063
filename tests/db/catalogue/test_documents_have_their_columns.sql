-- Each document table has the columns every one of them has, and takes its ids from one sequence.
begin;

select plan(4);

create function pg_temp.missing(p_tables text[], p_names text[])
returns table (table_name text, column_name text)
language sql
as $$
  select t, n
  from unnest(p_tables) as t
  cross join unnest(p_names) as n
  where not exists (
    select from pg_attribute where attrelid = ('doc.' || t)::regclass and attname = n and attnotnull
  )
$$;

select is_empty(
  $$
    select *
    from pg_temp.missing(
      array['invoice', 'installment', 'payment', 'cheque', 'credit_note', 'adjustment', 'set_off',
        'pin'],
      array['account_id', 'created_at', 'created_by', 'updated_at', 'updated_by']
    )
  $$,
  'who and when'
);
select is_empty(
  $$
    select *
    from pg_temp.missing(
      array['invoice', 'payment', 'cheque', 'credit_note', 'adjustment', 'set_off'],
      array['doc_date', 'amount', 'status', 'source']
    )
  $$,
  'day, amount, status and source'
);
select is_empty(
  $$
    select table_name
    from information_schema.columns
    where table_schema = 'doc' and column_name = table_name || '_id'
      and column_default is distinct from 'nextval(''doc.document_id_seq''::regclass)'
  $$,
  'ids come from doc.document_id_seq'
);
select is_empty(
  $$
    select table_name
    from information_schema.tables as t
    where table_schema = 'doc' and table_type = 'BASE TABLE'
      and not exists (
        select
        from information_schema.columns as c
        where c.table_schema = 'doc' and c.table_name = t.table_name
          and c.column_name = t.table_name || '_id'
      )
  $$,
  'every table has an id of its own'
);

select * from finish();

rollback;
