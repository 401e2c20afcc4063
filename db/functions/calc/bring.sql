-- Brings one account to what the tables hold now.
--
-- Lock order: the account's row in calc.account, before anything is read, in a statement of its
-- own; callers go through accounts in order of their ids.

create or replace function calc.bring(
  p_account_id bigint,
  p_invoice_ids bigint[] default null,
  p_credit_type text default null,
  p_credit_ids bigint[] default null,
  p_told_invoice_ids bigint[] default null,
  p_told_credit_ids bigint[] default null
)
returns bigint
language plpgsql
volatile
set enable_bitmapscan = off
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_account calc.account;
begin
  update calc.account a
  set
    change_count = a.change_count + 1,
    changed_at = clock_timestamp(),
    has_told = a.has_told or p_told_invoice_ids is not null
  where a.account_id = p_account_id
  returning a.* into v_account;
  if not found then
    perform ref.refuse('RS202', format('account %s is not kept by the engine', p_account_id));
  end if;

  return calc.bring_documents(
    v_account, p_invoice_ids, p_credit_type, p_credit_ids, p_told_invoice_ids, p_told_credit_ids
  );
end
$$;

comment on function calc.bring(bigint, bigint[], text, bigint[], bigint[], bigint[]) is
  'Brings one account to what the tables hold now, for the documents named, each once: invoices, or credits of one type. p_told_*: the ends of instructions (pins, notes) that changed. Gives how many documents had to be replayed, where they are many against those named.';
