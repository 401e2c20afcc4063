-- What the tables say of themselves, where a reader would ask: columns without a word, pages that are
-- not there, and kinds of refusals that came later.

comment on table doc.installment is
  'One dated part of an invoice''s commitment. Together they add up to the invoice, at commit.';
comment on constraint cheque_not_own_replacement on doc.cheque is
  'A cheque can''t replace itself. | Name the bounced cheque that this one makes good.';
comment on table ref.currency is
  'Currencies in use. Another one is an insert; its unit is fixed from its first invoice on.';
comment on table ref.refusal is
  'Every SQLSTATE of class RS: RS0xx documents, RS1xx reference data, RS2xx the engine, RS4xx the audit and closed periods, RS5xx what-if and refresh, RS8xx the calendar.';
comment on column ref.account.policy is
  'Order in which credits find lines: fifo_issue, fifo_due, or manual (docs/figures.md).';
comment on column calc.credit.value_date is
  'The day its money counts from in a ras (docs/figures.md); null: not money.';
comment on column calc.allocation.turn_on is
  'The day of the turn at which stage 2 made it; null: told, in stage 1 (docs/figures.md).';

comment on column doc.invoice.doc_no is 'The number on the paper; need not be unique.';
comment on column doc.invoice.amount is 'In the currency of the account, as all amounts of documents.';
comment on column doc.invoice.status is 'active; void: has no effect, but stays.';
comment on column doc.installment.line_no is 'From 1; between two of one day the smaller is settled first.';
comment on column doc.payment.method is 'cash, transfer, card, deposit_slip; opening: money left over from before the book.';
comment on column doc.payment.bank_reference is 'What the bank calls it; one that stands twice is in bi.exception.';
comment on column doc.payment.status is 'Only approved counts; pending waits for the finance desk.';
comment on column doc.cheque.kind is 'payment; guarantee: held as security and never counted.';
comment on column doc.cheque.due_date is 'The day written on it.';
comment on column doc.cheque.status is
  'Counts while in_hand, deposited, endorsed or cleared. A new cheque may have any state; changes are those of ref.cheque_transition.';
comment on column doc.cheque_event.event_date is 'The day of the change: status_date, of the first one doc_date.';
comment on column doc.credit_note.kind is
  'return: goes first to the invoice it names, from its own day on; price and other: the invoice should have been smaller, so it goes before all money.';
comment on column doc.adjustment.kind is 'discount, write_off or rounding.';

do $$
declare
  v_item record;
begin
  for v_item in
    select a.attrelid::regclass as name, a.attname as column
    from pg_catalog.pg_attribute as a
    join pg_catalog.pg_class as c on c.oid = a.attrelid
    where c.relnamespace = 'doc'::regnamespace
      and c.relkind = 'r'
      and a.attname in ('source', 'external_id', 'created_by', 'updated_by')
  loop
    execute format(
      'comment on column %s.%I is %L',
      v_item.name,
      v_item.column,
      case v_item.column
        when 'source' then 'Where the document comes from, such as erp.'
        when 'external_id' then 'Its key there: unique within account and source, so that a load can be repeated.'
        else 'The setting rasid.user, else the login. Given by the database, never by the client.'
      end
    );
  end loop;
end
$$;
