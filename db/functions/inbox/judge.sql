create or replace function inbox.judge(p_document text)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  v_columns text;
  v_required record;
begin
  select string_agg(format('t.%I', c.column_name), ', ')
  into v_columns
  from inbox.columns(p_document) as c;

  if p_document in ('payment', 'cheque', 'set_off') then
    v_columns := v_columns || ', t.pin_invoice_id';
  end if;

  for v_required in
    select c.column_name from inbox.columns(p_document) as c where c.is_required
  loop
    execute format(
      $sql$
      update pg_temp.inbox_reading as t
      set complaints = t.complaints || (%1$L, %2$L)::inbox.complaint
      from inbox.%3$I as r
      where t.%4$I is null
      and t.found_id is null
      and r.inbox_id = t.inbox_id
      and inbox.clean(r.%4$I) is null
      $sql$,
      v_required.column_name || '_missing', v_required.column_name || ' is empty',
      p_document, v_required.column_name
    );
  end loop;

  -- One thing said twice in a batch: the same again is a repeat; said otherwise, nobody knows which
  -- of them is meant.
  execute format(
    $sql$
    with twice as (
      select
        t.key,
        min(t.inbox_id) as first_id,
        count(*) as times,
        count(distinct row(%s)) as contents
      from pg_temp.inbox_reading as t
      where t.key in (
        select k.key from pg_temp.inbox_reading as k group by k.key having count(*) > 1
      )
      group by t.key
    )
    update pg_temp.inbox_reading as t
    set
      is_repeat = w.contents = 1 and t.inbox_id > w.first_id,
      complaints = case
        when w.contents > 1 then t.complaints || (
          'given_once_in_a_batch',
          format('it is given %%s times in this load, not always the same', w.times)
        )::inbox.complaint
        else t.complaints
      end
    from twice as w
    where t.key = w.key
    $sql$,
    v_columns
  );

  update pg_temp.inbox_reading as t
  set complaints = array[(
    'unit_whole',
    case p_document
      when 'set_off' then 'another leg of this set-off was refused'
      else 'another installment of this invoice was refused'
    end
  )::inbox.complaint]
  where t.complaints = '{}'
  and t.unit in (select b.unit from pg_temp.inbox_reading as b where b.complaints <> '{}');
end
$$;

comment on function inbox.judge(text) is
  'Adds to the complaints in pg_temp.inbox_reading what no row can tell by itself: what a new
document must say, what is given twice, what is refused because it belongs to a refused one.';
