create or replace function inbox.try_int(p_text text, p_least int, p_most int)
returns int
language plpgsql
immutable
parallel safe
as $$
declare
  v_number numeric := inbox.try_number(p_text);
begin
  return case
    when v_number between p_least and p_most and v_number = trunc(v_number) then v_number
  end;
end
$$;

comment on function inbox.try_int(text, int, int) is
  'The whole number a text writes, within the bounds; null if it is none. Never raises.';
