-- Nested loops over arrays, of which the planner can't tell the length, would be quadratic.

create or replace function calc.first_line(
  p_account_id bigint[],
  p_document_id bigint[],
  p_is_credit boolean[],
  p_named bigint[]
)
returns int[]
language sql
immutable
set enable_nestloop = off
begin atomic
  select array_agg(l.place::int order by n.place)
  from unnest(p_account_id, p_named) with ordinality n(account_id, invoice_id, place)
  left join (
    select d.account_id, d.invoice_id, min(d.place) as place
    from unnest(p_account_id, p_document_id, p_is_credit) with ordinality
      d(account_id, invoice_id, is_credit, place)
    where not d.is_credit
    group by d.account_id, d.invoice_id
  ) l
    on coalesce(l.account_id, 0) = coalesce(n.account_id, 0)
    and l.invoice_id = n.invoice_id;
end;

comment on function calc.first_line(bigint[], bigint[], boolean[], bigint[]) is
  'For calc.replay(): of the documents in order of their turns, the place of the first line of the invoice that each names; null: it names none. p_account_id null: all of one account.';
