create or replace function inbox.try_limit(p_text text)
returns numeric
language plpgsql
immutable
parallel safe
as $$
declare
  v_number numeric := inbox.try_number(p_text);
begin
  return case when v_number >= 0 and v_number < 1e18 then v_number end;
end
$$;

comment on function inbox.try_limit(text) is
  'The credit limit a text writes (0 and over, below 10^18); null if it is none.';
