-- The words that the inbox reads are those that the constraints of the documents allow.
begin;

select plan(1);

create temp table allowed on commit drop as
select
  c.conrelid::regclass::text as target,
  a.attname::text as column_name,
  w.word[1] as word
from pg_constraint as c
join pg_attribute as a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
cross join lateral regexp_matches(
  pg_get_constraintdef(c.oid), '''([a-z_]+)''::text', 'g'
) as w (word)
where c.contype = 'c' and c.conname like '%\_known' and c.connamespace = 'doc'::regnamespace;

create temp table read on commit drop as
select distinct
  'doc.' || split_part(v.viewname, '_reading', 1) as target,
  l.parts[1] as column_name,
  w.word[1] as word
from pg_views as v
cross join lateral regexp_matches(
  v.definition, 'try_word\(r\.([a-z_]+), ARRAY\[([^\]]*)\]', 'g'
) as l (parts)
cross join lateral regexp_matches(l.parts[2], '''([a-z_]+)''', 'g') as w (word)
where v.schemaname = 'inbox' and v.viewname <> 'account_reading';

select set_eq('select * from pg_temp.read', 'select * from pg_temp.allowed', 'the same words');

select * from finish();

rollback;
