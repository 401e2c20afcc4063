create or replace function audit.history(p_document text, p_account_id bigint, p_id bigint)
returns table (
  changed_at timestamptz,
  changed_by text,
  login text,
  action text,
  changes text,
  reason text,
  transaction_id xid8
)
language sql
stable
as $$
  select h.changed_at, h.changed_by, h.login, h.action, h.changes, h.reason, h.transaction_id
  from audit.row_history(
    case when to_regclass('doc.' || quote_ident(p_document)) is null then 'ref.' else 'doc.' end
      || p_document,
    p_id::text,
    p_account_id
  ) as h
$$;

comment on function audit.history(text, bigint, bigint) is
  'The story of one document, or of a row of ref, first things first: a row a change with when, by whom, and column: before → after. p_document: the table, such as invoice; p_account_id: any account it was ever in (null for ref). Told across moves between accounts, and of what is deleted.';
