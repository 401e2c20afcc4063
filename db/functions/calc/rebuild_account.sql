create or replace function calc.rebuild_account(p_account_id bigint)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  v record;
begin
  perform calc.recount(p_account_id);

  select
    array(
      select i.invoice_id from doc.invoice i where i.account_id = p_account_id
      union
      select l.invoice_id from calc.line l where l.account_id = p_account_id
    ) as invoice_ids,
    array(
      select p.payment_id from doc.payment p where p.account_id = p_account_id
      union
      select c.credit_id from calc.credit c
      where c.account_id = p_account_id
    ) as payment_ids,
    array(
      select q.cheque_id from doc.cheque q where q.account_id = p_account_id
    ) as cheque_ids,
    array(
      select s.set_off_id from doc.set_off s where s.account_id = p_account_id
    ) as set_off_ids,
    array(
      select n.credit_note_id from doc.credit_note n where n.account_id = p_account_id
    ) as credit_note_ids,
    array(
      select d.adjustment_id from doc.adjustment d where d.account_id = p_account_id
    ) as adjustment_ids,
    array(
      select t.invoice_id from calc.feed_told('infinity') t where t.account_id = p_account_id
    ) as told_invoice_ids
  into v;

  perform calc.bring(
    p_account_id,
    v.invoice_ids,
    v.payment_ids,
    v.cheque_ids,
    v.set_off_ids,
    v.credit_note_ids,
    v.adjustment_ids,
    v.told_invoice_ids,
    '{}',
    '-infinity'
  );
end
$$;

comment on function calc.rebuild_account(bigint) is
  'Brings every document of one account, and replays it whole; the caller holds the lock.';
