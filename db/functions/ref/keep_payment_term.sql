create or replace function ref.keep_payment_term()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_name text;
begin
  -- Lines that go with their term are the foreign key's; a term that came in this transaction is
  -- nobody else's yet. One that it changed only looks the same, but the audit tells.
  if current_setting('transaction_isolation') <> 'read committed'
    and exists (
      select
      from ref.payment_term as t
      where t.payment_term_id in (old.payment_term_id, new.payment_term_id)
        and (
          tg_op <> 'INSERT'
          or t.xmin <> pg_current_xact_id()::xid
          or exists (
            select
            from audit.change as c
            where c.table_name = 'ref.payment_term'
              and c.row_key = t.payment_term_id::text
              and c.action = 'update'
              and c.transaction_id = pg_current_xact_id()
          )
        )
    )
  then
    perform ref.refuse('RS107', 'the lines of a payment term are not changed from an old snapshot');
  end if;

  -- Whoever writes an invoice with this term waits (its foreign key locks the term), or has
  -- finished and is seen below; if it reads an older snapshot, the update makes it fail.
  perform
  from ref.payment_term as t
  where t.payment_term_id in (old.payment_term_id, new.payment_term_id)
  order by t.payment_term_id
  for update;

  update ref.payment_term as t
  set name = t.name
  where t.payment_term_id in (old.payment_term_id, new.payment_term_id);

  select t.name
  into v_name
  from ref.payment_term as t
  where t.payment_term_id in (old.payment_term_id, new.payment_term_id)
    and exists (select from doc.invoice as i where i.payment_term_id = t.payment_term_id);

  if found then
    perform ref.refuse('RS101', format('invoices name the payment term "%s"', v_name));
  end if;

  return null;
end
$$;

comment on function ref.keep_payment_term() is
  'Refuses (RS101) a change of the lines of a payment term that an invoice names, and (RS107) any but in a READ COMMITTED transaction, which sees them all; a new term comes with its lines in any.';

create or replace trigger t20_keep_insert after insert or delete on ref.payment_term_line
for each row execute function ref.keep_payment_term();

create or replace trigger t20_keep_update after update on ref.payment_term_line
for each row
when (new is distinct from old)
execute function ref.keep_payment_term();

-- Lines come by replication too, where they are welcome as long as no invoice names the term.
alter table ref.payment_term_line enable always trigger t20_keep_insert;
alter table ref.payment_term_line enable always trigger t20_keep_update;
