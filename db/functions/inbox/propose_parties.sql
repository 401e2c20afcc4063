create or replace function inbox.propose_parties(p_document text, p_batch text)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  execute format(
    $sql$
    insert into inbox.party (batch, row_no, code, name)
    select
      $1,
      min(r.row_no),
      inbox.clean(r.party_code),
      coalesce(
        (
          array_agg(inbox.clean(r.party_name) order by r.inbox_id)
          filter (where inbox.clean(r.party_name) is not null)
        )[1],
        inbox.clean(r.party_code)
      )
    from inbox.%I as r
    where r.batch is not distinct from $1
    and inbox.clean(r.party_code) is not null
    and not exists (
      select
      from ref.party as p
      where ref.persian_text(p.code) = inbox.clean(r.party_code)
    )
    group by inbox.clean(r.party_code)
    order by min(r.inbox_id)
    $sql$,
    p_document
  )
  using p_batch;

  execute format(
    $sql$
    insert into inbox.account (batch, row_no, party_code, side, currency)
    select $1, min(r.row_no), n.party_code, n.side, n.currency
    from inbox.%I as r
    cross join lateral (
      select
        inbox.clean(r.party_code) as party_code,
        coalesce(lower(inbox.clean(r.side)), 'receivable') as side,
        coalesce(upper(inbox.clean(r.currency)), 'IRR') as currency
    ) as n
    where r.batch is not distinct from $1
    and n.party_code is not null
    and not exists (
      select
      from ref.party as p
      join ref.account as a on a.party_id = p.party_id
      where ref.persian_text(p.code) = n.party_code
      and a.side = n.side
      and a.currency = n.currency
    )
    group by n.party_code, n.side, n.currency
    order by min(r.inbox_id)
    $sql$,
    p_document
  )
  using p_batch;
end
$$;

comment on function inbox.propose_parties(text, text) is
  'Puts the customers of a batch that are not known yet, and accounts for them, into the inbox
before it is processed; the name is the first party_name, else the code.';
