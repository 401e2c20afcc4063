create or replace function inbox.try_amount(p_text text)
returns numeric
language plpgsql
immutable
parallel safe
as $$
declare
  v_number numeric := inbox.try_number(p_text);
begin
  return case
    when v_number > 0 and v_number < 1e18 and v_number = round(v_number, 2) then v_number
  end;
end
$$;

comment on function inbox.try_amount(text) is
  'The amount a text writes, fit for ref.amount; null if it is none: see inbox.amount_complaint.';
