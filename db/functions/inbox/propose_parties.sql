create or replace function inbox.propose_parties(p_document text, p_batch text)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  v_required text;
  v_named text;
begin
  select string_agg(format('inbox.clean(r.%I)', c.column_name), ', ')
  into v_required
  from inbox.columns(p_document) as c
  where c.is_required;

  select string_agg(format('inbox.clean(r.%I)', a.attname), ', ')
  into v_named
  from pg_attribute as a
  where a.attrelid = format('inbox.%I', p_document)::regclass
  and a.attname ~ '^(replaces_)?(invoice|payment|cheque|set_off)_(external_id|sayad_id|no)$'
  and a.attname not in (select c.column_name from inbox.columns(p_document) as c);

  -- Rows that lack nothing but their account, so that nobody is made for what is refused in any
  -- case: as is what names another document, for a new account has none. Found apart from what they
  -- say, so that each row is read once.
  execute format(
    $sql$
    create temp table inbox_newcomer on commit drop as
    with lacking as materialized (
      select v.inbox_id
      from inbox.%I as v
      where v.batch is not distinct from $1
      and v.account_id is null
      and not exists (
        select
        from unnest(v.complaints) as c
        where c.code not in ('party_unknown', 'account_unknown')
      )
    )
    select r.inbox_id, r.row_no, n.party_code, n.party_name, n.side, n.currency
    from lacking as l
    join inbox.%I as r on r.inbox_id = l.inbox_id
    cross join lateral (
      select
        inbox.clean(r.party_code) as party_code,
        inbox.clean(r.party_name) as party_name,
        coalesce(lower(inbox.clean(r.side)), 'receivable') as side,
        coalesce(upper(inbox.clean(r.currency)), 'IRR') as currency
    ) as n
    where n.party_code is not null
    and inbox.clean(r.account_id) is null
    and num_nulls(%s) = 0
    and num_nonnulls(%s) = 0
    $sql$,
    p_document || '_reading', p_document, coalesce(v_required, '0'), coalesce(v_named, 'null')
  )
  using p_batch;

  insert into inbox.party (batch, row_no, code, name)
  select
    p_batch,
    min(n.row_no),
    n.party_code,
    coalesce(
      (array_agg(n.party_name order by n.inbox_id) filter (where n.party_name is not null))[1],
      n.party_code
    )
  from pg_temp.inbox_newcomer as n
  where not exists (
    select from ref.party as p where ref.persian_text(p.code) = n.party_code
  )
  group by n.party_code
  order by min(n.inbox_id);

  insert into inbox.account (batch, row_no, party_code, side, currency)
  select p_batch, min(n.row_no), n.party_code, n.side, n.currency
  from pg_temp.inbox_newcomer as n
  group by n.party_code, n.side, n.currency
  order by min(n.inbox_id);

  drop table pg_temp.inbox_newcomer;
end
$$;

comment on function inbox.propose_parties(text, text) is
  'Puts the customers of a batch that are not known yet, and accounts for them, into the inbox
before it is processed, for rows that lack nothing else; the name is the first party_name, else the
code. What only the tables refuse, such as a closed period, is known too late to be left out.';
