create or replace function calc.chunk(p_account_id bigint default null)
returns table (account_ids bigint[])
language sql
stable
as $$
  select array_agg(c.account_id order by c.account_id)
  from (
    select
      a.account_id,
      sum(coalesce(i.documents, 0) + coalesce(p.documents, 0) + 100)
        over (order by a.account_id) / 20000 as chunk
    from ref.account a
    left join (
      select i.account_id, count(*) as documents
      from doc.invoice i
      group by i.account_id
    ) i on i.account_id = a.account_id
    left join (
      select p.account_id, count(*) as documents
      from doc.payment p
      group by p.account_id
    ) p on p.account_id = a.account_id
    where p_account_id is null or a.account_id = p_account_id
  ) c
  group by c.chunk::bigint
  order by min(c.account_id)
$$;

comment on function calc.chunk(bigint) is
  'The accounts of the book (or the one given) in portions of some 20,000 documents, in order: what rebuild and verify hold in memory at once.';
