-- The comment of a constraint or unique index is 'What is wrong. | What to do.'
begin;

select plan(4);

select is_empty(
  $$
    select coalesce(c.conrelid::regclass::text, c.contypid::regtype::text) as place, c.conname
    from pg_constraint as c
    where c.connamespace::regnamespace::text in ('ref', 'doc', 'calc', 'inbox')
      and c.contype in ('c', 'f', 'p', 'u', 'x')
      and coalesce(obj_description(c.oid, 'pg_constraint'), '') !~ '^[^|]+\. \| [^|]+\S$'
  $$,
  'every constraint'
);
select is_empty(
  $$
    select i.indexrelid::regclass
    from pg_index as i
    join pg_class as x on x.oid = i.indexrelid
    where x.relnamespace::regnamespace::text in ('ref', 'doc', 'calc', 'inbox')
      and i.indisunique
      and not exists (select from pg_constraint as c where c.conindid = x.oid and c.contype <> 'f')
      and coalesce(obj_description(x.oid, 'pg_class'), '') !~ '^[^|]+\. \| [^|]+\S$'
  $$,
  'every unique index'
);
select is_empty(
  $$
    select code
    from ref.refusal
    where sentence || hint ~ '\|' or sentence !~ '\.$' or hint !~ '\.$'
  $$,
  'every code of class RS'
);

create function pg_temp.caught(p_hint text)
returns text
language plpgsql
as $$
declare
  v_constraint text;
  v_hint text;
begin
  perform ref.refuse('RS004', 'no', p_hint);
  return 'not raised';
exception
  when sqlstate 'RS004' then
    get stacked diagnostics v_constraint = constraint_name, v_hint = pg_exception_hint;
    return concat_ws(', ', sqlerrm, v_constraint, v_hint);
end
$$;
select results_eq(
  $$select pg_temp.caught('do this') union all select pg_temp.caught(null)$$,
  $$
    select 'no, cheque_transition_known, do this'
    union all
    select 'no, cheque_transition_known, ' || hint from ref.refusal where code = 'RS004'
  $$,
  'a refusal carries its code, its rule and a hint: its own or that of the code'
);

select * from finish();

rollback;
