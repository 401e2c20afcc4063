create or replace function doc.check_installments()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_invoice record;
begin
  -- The row as it was and as it is: an installment may have left one invoice for another.
  for v_invoice in
    select i.invoice_id, i.amount, p.total
    from (
      values (old.account_id, old.invoice_id), (new.account_id, new.invoice_id)
    ) as k (account_id, invoice_id)
    cross join lateral (
      select i.account_id, i.invoice_id, i.amount
      from doc.invoice as i
      where i.account_id = k.account_id
        and i.invoice_id = k.invoice_id
      offset 0
    ) as i
    cross join lateral (
      select sum(p.amount) as total
      from doc.installment as p
      where p.account_id = i.account_id
        and p.invoice_id = i.invoice_id
    ) as p
    where p.total <> i.amount
  loop
    perform ref.refuse(
      'RS006',
      format(
        'installments of invoice %s add up to %s, not to %s',
        v_invoice.invoice_id, v_invoice.total, v_invoice.amount
      )
    );
  end loop;

  return null;
end
$$;

comment on function doc.check_installments() is
  'At commit: refuses (RS006) installments that don''t add up to their invoice. None at all is fine.';

drop trigger if exists t60_add_up_insert on doc.installment;
create constraint trigger t60_add_up_insert after insert on doc.installment
deferrable initially deferred
for each row execute function doc.check_installments();

drop trigger if exists t60_add_up_update on doc.installment;
create constraint trigger t60_add_up_update after update on doc.installment
deferrable initially deferred
for each row
when (
  (new.account_id, new.invoice_id, new.amount) <> (old.account_id, old.invoice_id, old.amount)
)
execute function doc.check_installments();

drop trigger if exists t60_add_up_delete on doc.installment;
create constraint trigger t60_add_up_delete after delete on doc.installment
deferrable initially deferred
for each row execute function doc.check_installments();

drop trigger if exists t60_add_up on doc.invoice;
create constraint trigger t60_add_up after update on doc.invoice
deferrable initially deferred
for each row
when (new.amount <> old.amount)
execute function doc.check_installments();
