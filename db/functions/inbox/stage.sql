create or replace function inbox.stage(p_document text, p_batch text)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  v_columns text;
begin
  select string_agg(format('r.%I', c.column_name), ', ')
  into v_columns
  from inbox.columns(p_document) as c;

  if p_document in ('payment', 'cheque', 'set_off') then
    v_columns := v_columns || ', r.pin_invoice_id';
  end if;

  -- A person who is putting a row right is waited for; the next statement reads what they wrote.
  execute format(
    'select from inbox.%I as r where r.batch is not distinct from $1 for update', p_document
  )
  using p_batch;

  if inbox.has_external_id(p_document) then
    -- Rows known by nothing but their content are numbered, so that two equal ones are two
    -- documents, and the same two when the file comes again.
    execute format(
      $sql$
      create temp table inbox_reading on commit drop as
      select
        r.inbox_id,
        dense_rank() over (
          order by r.unit, case when r.unit is null then r.inbox_id end
        )::int as turn,
        r.unit,
        concat_ws('/', r.account_id, r.source, r.numbered_id) as key,
        d.%1$I as found_id,
        false as is_repeat,
        coalesce(r.complaints, '{}') as complaints,
        r.account_id,
        r.source,
        r.numbered_id as external_id,
        %2$s
      from (
        select
          v.*,
          v.external_id || coalesce(
            '#' || nullif(
              case
                when v.external_id like 'row:%%' then row_number() over (
                  partition by v.account_id, v.source, v.external_id order by v.inbox_id
                )
              end,
              1
            ),
            ''
          ) as numbered_id
        from inbox.%3$I as v
        where v.batch is not distinct from %4$L
      ) as r
      left join %5$s as d
        on d.account_id = r.account_id
        and d.source = r.source
        and d.external_id = r.numbered_id
      $sql$,
      p_document || '_id', v_columns, p_document || '_reading', p_batch, inbox.target(p_document)
    );
  else
    execute format(
      $sql$
      create temp table inbox_reading on commit drop as
      select
        r.inbox_id,
        dense_rank() over (
          order by r.unit, case when r.unit is null then r.inbox_id end
        )::int as turn,
        r.unit,
        r.key,
        r.found_id,
        false as is_repeat,
        coalesce(r.complaints, '{}') as complaints,
        %1$s,
        %2$s
      from inbox.%3$I as r
      where r.batch is not distinct from %4$L
      $sql$,
      case
        when p_document in ('party', 'account') then 'null::bigint as account_id'
        else 'r.account_id'
      end,
      v_columns, p_document || '_reading', p_batch
    );
  end if;

  create index on pg_temp.inbox_reading (turn);
  -- For a table that the statistics take for empty, as the inbox mostly is.
  create index on pg_temp.inbox_reading (inbox_id);
  analyze pg_temp.inbox_reading;
end
$$;

comment on function inbox.stage(text, text) is
  'Reads the rows of a batch into pg_temp.inbox_reading, once, for inbox.load: turn numbers the
units that are written together, found_id is the document that a row changes.';
