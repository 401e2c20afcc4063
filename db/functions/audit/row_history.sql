-- Told from the end: what a change led to is what the next one found, or the row there is now.

create or replace function audit.row_history(
  p_table text,
  p_key text,
  p_account_id bigint default null
)
returns table (
  changed_at timestamptz,
  changed_by text,
  login text,
  action text,
  changes text,
  reason text,
  transaction_id xid8
)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
  v_table regclass := to_regclass(p_table);
  v_key text;
  v_account text := 't.account_id';
  v_account_id bigint := p_account_id;
  v_places text[];
  v_after jsonb;
  v_story audit.event[] := '{}';
  v_births audit.event[];
  v_change audit.change;
  v_place text;
  v_new_place text;
begin
  select
    string_agg(format('t.%I', a.attname), ' || ''/'' || ' order by k.place)
      filter (where a.attname <> 'account_id' or c.relnamespace = 'ref'::regnamespace)
  into v_key
  from pg_class as c
  join pg_index as i on i.indrelid = c.oid and i.indisprimary
  cross join lateral unnest(i.indkey::int2[]) with ordinality as k (attnum, place)
  join pg_attribute as a on a.attrelid = c.oid and a.attnum = k.attnum
  where c.oid = v_table
    and c.relnamespace in ('doc'::regnamespace, 'ref'::regnamespace);
  if v_key is null then
    raise exception using
      errcode = '42P01',
      message = format('%s is not a table of doc or ref', coalesce(p_table, 'null')),
      hint = 'Name it like doc.invoice.';
  end if;

  if v_table = 'ref.account'::regclass then
    v_account_id := p_key::bigint;
  elsif p_table like 'ref.%' then
    v_account_id := null;
    v_account := 'null::bigint';
  end if;

  -- Every place it was ever in: a place is an account (or none), a blank, and a key.
  with recursive place (account_id, row_key) as (
    select v_account_id, p_key
    union
    select v.account_id, v.row_key
    from place as p
    cross join lateral (
      select c.account_id, c.row_key, c.new_account_id, c.new_row_key
      from audit.change as c
      where c.table_name = p_table
        and c.row_key = p.row_key
        and c.account_id is not distinct from p.account_id
        and c.new_row_key is not null
      union all
      select c.account_id, c.row_key, c.new_account_id, c.new_row_key
      from audit.change as c
      where c.table_name = p_table
        and c.new_row_key = p.row_key
        and c.new_account_id is not distinct from p.account_id
    ) as c
    cross join lateral (
      values (c.account_id, c.row_key), (c.new_account_id, c.new_row_key)
    ) as v (account_id, row_key)
  )
  select array_agg(concat(p.account_id, ' ', p.row_key)) into v_places from place as p;

  execute format(
    $sql$
    select coalesce(
      jsonb_object_agg(
        concat(%1$s, ' ', %2$s), jsonb_strip_nulls(to_jsonb(t))
      ),
      '{}'
    )
    from %3$s as t
    join unnest($1) as p (place)
      on (%2$s)::text = substr(p.place, strpos(p.place, ' ') + 1)
      and concat(%1$s) = split_part(p.place, ' ', 1)
    where %4$s
    $sql$,
    v_account, v_key, v_table,
    -- Along the key of a document, not through the table.
    case when v_account = 't.account_id' then 't.account_id = any ($2)' else 'true' end
  )
  into v_after
  using
    v_places,
    array(
      select split_part(p.place, ' ', 1)::bigint
      from unnest(v_places) as p (place)
      where split_part(p.place, ' ', 1) <> ''
    );

  for v_change in
    select c.*
    from audit.change as c
    where c.table_name = p_table
      and c.row_key in (
        select substr(p.place, strpos(p.place, ' ') + 1) from unnest(v_places) as p (place)
      )
      and concat(c.account_id, ' ', c.row_key) = any (v_places)
    order by c.change_id desc
  loop
    v_place := concat(v_change.account_id, ' ', v_change.row_key);
    v_new_place := case
      when v_change.action = 'delete' then null
      when v_change.new_row_key is null then v_place
      else concat(v_change.new_account_id, ' ', v_change.new_row_key)
    end;

    -- It left its place: what stands there later is another one, and was made after this.
    if v_new_place is distinct from v_place and v_after ? v_place then
      v_story := v_story || audit.birth(v_after -> v_place);
    end if;

    v_story := v_story || row(
      v_change.changed_at,
      v_change.changed_by,
      v_change.login,
      case
        when v_change.action = 'insert' then 'created'
        when v_change.action = 'delete' then 'deleted'
        when v_new_place <> v_place then 'moved'
        else 'changed'
      end,
      case v_change.action
        when 'insert' then audit.describe(null, v_change.row_kept)
        when 'delete' then audit.describe(v_change.row_kept, null)
        else audit.describe(v_change.row_kept, coalesce(v_after -> v_new_place, '{}'))
      end,
      v_change.reason,
      v_change.transaction_id
    )::audit.event;

    v_after := v_after - coalesce(v_new_place, v_place);
    if v_change.action <> 'insert' then
      v_after := v_after || jsonb_build_object(v_place, v_change.row_kept);
    end if;
  end loop;

  select array_agg(audit.birth(a.value) order by a.value ->> 'created_at' desc)
  into v_births
  from jsonb_each(v_after) as a;

  return query
  select s.changed_at, s.changed_by, s.login, s.action, s.changes, s.reason, s.transaction_id
  from unnest(v_story || v_births) with ordinality as s (
    changed_at, changed_by, login, action, changes, reason, transaction_id, place
  )
  where s.changed_at is not null
  order by s.place desc;
end
$$;

comment on function audit.row_history(text, text, bigint) is
  'audit.history() of any table of doc and ref: p_key is its key without the account, as text, several columns joined by /. 42P01 if there is no such table.';
