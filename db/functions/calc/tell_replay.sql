-- Who waits for a long replay learns why. Below this it is a matter of half a second.

create or replace function calc.tell_replay(p_count bigint)
returns void
language plpgsql
as $$
begin
  if p_count >= 10000 then
    raise notice '% lines and credits were allocated anew', p_count
    using hint = 'What is dated before others, or changed before others, makes its account allocate everything from that day on again. Such changes written in one statement cost it once.';
  end if;
end
$$;

comment on function calc.tell_replay(bigint) is
  'Tells the writer (NOTICE) how many lines and credits one statement had to allocate anew, from 10,000 on.';
