create or replace function inbox.has_external_id(p_document text)
returns boolean
language sql
immutable
parallel safe
as $$
  select p_document not in ('party', 'account', 'installment', 'pin')
$$;

comment on function inbox.has_external_id(text) is
  'Whether a document is found again by (account, source, external id); the others have keys of
their own. Inlined.';
