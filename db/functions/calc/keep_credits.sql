create or replace function calc.keep_credits(p_credit calc.credit[], p_left numeric[])
returns void
language sql
volatile
begin atomic
  insert into calc.credit
  select
    c.account_id,
    c.credit_id,
    c.credit_type,
    c.doc_date,
    c.turn_on,
    c.value_date,
    c.is_auto,
    c.is_cleared,
    c.is_write_off,
    c.named_invoice_id,
    c.amount,
    c.left_amount,
    c.left_amount > 0
  from unnest(p_credit, p_left) c(
    account_id, credit_id, credit_type, doc_date, turn_on, value_date, is_auto, is_cleared,
    is_write_off, named_invoice_id, amount, unapplied_amount, is_left, left_amount
  );
end;

comment on function calc.keep_credits(calc.credit[], numeric[]) is
  'Writes new credits once, with what is left of each.';
