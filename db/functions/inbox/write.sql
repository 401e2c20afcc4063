create or replace function inbox.write(p_document text, p_from int, p_to int)
returns bigint[]
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  v_target regclass := inbox.target(p_document);
  v_id text := p_document || '_id';
  v_keys text := '';
  v_said text;
  v_kept text;
  v_changes text;
  v_columns text;
  v_values text;
  v_updated bigint[];
  v_inserted bigint[];
  v_pinned bigint[];
begin
  select
    string_agg(format('d.%I', n.column_name), ', '),
    string_agg(n.kept, ', '),
    string_agg(format('%I = %s', n.column_name, n.kept), ', '),
    string_agg(format('%I', n.column_name), ', '),
    string_agg(format('coalesce(t.%I, %s)', n.column_name, n.default_value), ', ')
  into v_said, v_kept, v_changes, v_columns, v_values
  from (
    select
      c.column_name,
      c.default_value,
      case
        -- A new state without its day is dated by the database.
        when c.column_name = 'status_date'
          then 'case when coalesce(t.status, d.status) = d.status'
            || ' then coalesce(t.status_date, d.status_date) else t.status_date end'
        -- A clearing whose day is put right likewise.
        when c.column_name = 'cleared_on'
          then 'coalesce(t.cleared_on, case when d.cleared_on <> d.status_date'
            || ' or coalesce(t.status_date, d.status_date) = d.status_date then d.cleared_on end)'
        else format('coalesce(t.%1$I, d.%1$I)', c.column_name)
      end as kept
    from inbox.columns(p_document) as c
  ) as n;

  execute format(
    $sql$
    with changed as (
      update %1$s as d
      set %2$s
      from pg_temp.inbox_reading as t
      where t.turn between $1 and $2
      and t.complaints = '{}'
      and not t.is_repeat
      and d.%3$I = t.found_id
      %4$s
      and (%5$s) is distinct from (%6$s)
      returning d.%3$I
    )
    select array_agg(c.%3$I) from changed as c
    $sql$,
    v_target, v_changes, v_id,
    case
      when p_document not in ('party', 'account') then 'and d.account_id = t.account_id' else ''
    end,
    v_said, v_kept
  )
  into v_updated
  using p_from, p_to;

  if inbox.has_external_id(p_document) then
    v_keys := 'account_id, source, external_id, ';
  elsif p_document in ('installment', 'pin') then
    v_keys := 'account_id, ';
  end if;

  execute format(
    $sql$
    with made as (
      insert into %1$s (%2$s %3$s)
      select %2$s %4$s
      from pg_temp.inbox_reading as t
      where t.turn between $1 and $2
      and t.complaints = '{}'
      and not t.is_repeat
      and t.found_id is null
      order by t.inbox_id
      returning %5$I
    )
    select array_agg(m.%5$I) from made as m
    $sql$,
    v_target, v_keys, v_columns, v_values, v_id
  )
  into v_inserted
  using p_from, p_to;

  if p_document in ('payment', 'cheque', 'set_off') then
    execute format(
      $sql$
      with pinned as (
        insert into doc.pin (account_id, %1$I, invoice_id)
        select d.account_id, d.%1$I, t.pin_invoice_id
        from pg_temp.inbox_reading as t
        join %2$s as d
          on d.account_id = t.account_id
          and d.source = t.source
          and d.external_id = t.external_id
        where t.turn between $1 and $2
        and t.complaints = '{}'
        and not t.is_repeat
        and t.pin_invoice_id is not null
        and not exists (
          select
          from doc.pin as p
          where p.account_id = d.account_id
          and p.%1$I = d.%1$I
          and p.invoice_id = t.pin_invoice_id
        )
        order by d.%1$I
        returning %1$I
      )
      select array_agg(p.%1$I) from pinned as p
      $sql$,
      v_id, v_target
    )
    into v_pinned
    using p_from, p_to;
  end if;

  return array(
    select distinct c.id
    from unnest(v_updated || v_inserted || v_pinned) as c (id)
  );
end
$$;

comment on function inbox.write(text, int, int) is
  'Writes the good rows of pg_temp.inbox_reading in these turns: changes the documents they find
again, makes the others, pins those that name an invoice. Returns the ids of what was changed or
made.';
