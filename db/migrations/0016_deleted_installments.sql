-- The story of an invoice tells of the installments it no longer has: they are known by what was
-- kept of them alone.

create index change_deleted_installment_idx
  on audit.change ((row_kept ->> 'invoice_id'))
  where table_name = 'doc.installment' and action = 'delete';
