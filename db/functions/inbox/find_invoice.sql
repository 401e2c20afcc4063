create or replace function inbox.find_invoice(
  p_account_id bigint, p_source text, p_external_id text, p_doc_no text
)
returns table (invoice_id bigint, complaint inbox.complaint[])
language sql
stable
as $$
  select
    f.invoice_id,
    case
      when p_account_id is null or coalesce(p_external_id, p_doc_no) is null
        then null
      when f.found = 0
        then array[(
          'invoice_unknown',
          format('invoice "%s" is not in the account', coalesce(p_external_id, p_doc_no))
        )::inbox.complaint]
      when f.invoice_id is null
        then array[(
          'invoice_ambiguous',
          format('the account has %s invoices "%s"', f.found, coalesce(p_external_id, p_doc_no))
        )::inbox.complaint]
    end
  from (
    -- Of several, the only one that is in force.
    select
      count(*) as found,
      case
        when count(*) filter (where n.is_in_force) = 1
          then min(n.invoice_id) filter (where n.is_in_force)
        when count(*) = 1
          then min(n.invoice_id)
      end as invoice_id
    from (
      select d.invoice_id, d.status = 'active' as is_in_force
      from doc.invoice as d
      where d.account_id = p_account_id
      and d.source = p_source
      and d.external_id = p_external_id
      union all
      select d.invoice_id, d.status = 'active'
      from doc.invoice as d
      where d.account_id = p_account_id
      and d.doc_no = p_doc_no
      and p_external_id is null
    ) as n
  ) as f
$$;

comment on function inbox.find_invoice(bigint, text, text, text) is
  'The invoice of an account that a row of the inbox names, by external id or else by doc_no;
why there is none, or none that is meant alone. Both null if the row names none. One row.';
