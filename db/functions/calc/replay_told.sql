-- Stage 1 of the definition (docs/figures.md).

create or replace function calc.replay_told(
  p_credit int[],
  p_first_line int[],
  p_last_line int[],
  p_limit numeric[],
  p_line_left numeric[],
  p_credit_left numeric[],
  out r_told int[],
  out r_line int[],
  out r_amount numeric[]
)
language plpgsql
immutable
as $$
declare
  v_out int := 0;
  v_limit numeric;
  v_take numeric;
begin
  r_told := '{}';
  r_line := '{}';
  r_amount := '{}';
  for i in 1 .. coalesce(cardinality(p_credit), 0) loop
    v_limit := least(p_limit[i], p_credit_left[p_credit[i]]);
    p_credit_left[p_credit[i]] := p_credit_left[p_credit[i]] - v_limit;
    for j in p_first_line[i] .. p_last_line[i] loop
      exit when v_limit <= 0;
      v_take := least(v_limit, p_line_left[j]);
      if v_take > 0 then
        v_out := v_out + 1;
        r_told[v_out] := i;
        r_line[v_out] := j;
        r_amount[v_out] := v_take;
        p_line_left[j] := p_line_left[j] - v_take;
        v_limit := v_limit - v_take;
      end if;
    end loop;
    p_credit_left[p_credit[i]] := p_credit_left[p_credit[i]] + greatest(v_limit, 0);
  end loop;
end
$$;

comment on function calc.replay_told(int[], int[], int[], numeric[], numeric[], numeric[]) is
  'Stage 1 of allocation (docs/figures.md): instructions in their order, each naming a credit and the run of lines of an invoice by their places; p_limit null: as much as fits. Gives (instruction, line, amount).';
