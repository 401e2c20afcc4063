-- Stage 2 of the definition (docs/figures.md), the one place where turns are taken. Appends, late
-- changes, rebuild, verify and as-of all come here; they differ only in what they load. (A single
-- document that comes last has no turns to take: calc.append_credit, calc.append_invoice.)
--
-- At any moment either open lines or left-over credits can be waiting, never both: whichever came
-- later took from the other until one of the two was used up. So one heap serves for both, ordered
-- by rank; entries that something else used up meanwhile are thrown out when they reach the top. Without
-- ranks they come in their order already, and the heap is a queue: its front moves on.

create or replace function calc.replay(
  p_base int,
  p_is_credit boolean[],
  p_invoice_id bigint[],
  p_rank int[],
  p_is_auto boolean[],
  p_named int[],
  p_left numeric[],
  p_account_id bigint[] default null,
  out r_line int[],
  out r_credit int[],
  out r_amount numeric[],
  out r_left numeric[]
)
language plpgsql
immutable
as $$
declare
  v_count int := coalesce(cardinality(p_left), 0);
  v_out int := 0;
  v_heap int[] := '{}';
  v_front int := 1;
  v_size int := 0;
  v_top int;
  v_take numeric;
  v_left numeric;
  v_line int;
  v_pos int;
  v_child int;
  v_rank int;
begin
  r_line := '{}';
  r_credit := '{}';
  r_amount := '{}';

  for i in 1 .. v_count loop
    v_left := p_left[i];
    if p_account_id[i] <> p_account_id[i - 1] then
      v_front := 1;
      v_size := 0;
    end if;
    if v_left > 0 and i > p_base then

      -- A return goes first to the lines of the invoice it names, which stand together.
      if p_named[i] is not null then
        v_line := p_named[i];
        while v_left > 0 and v_line <= v_count
          and p_invoice_id[v_line] = p_invoice_id[p_named[i]] and not p_is_credit[v_line]
        loop
          v_take := least(v_left, p_left[v_line]);
          if v_take > 0 then
            v_out := v_out + 1;
            r_line[v_out] := v_line;
            r_credit[v_out] := i;
            r_amount[v_out] := v_take;
            p_left[v_line] := p_left[v_line] - v_take;
            v_left := v_left - v_take;
          end if;
          v_line := v_line + 1;
        end loop;
      end if;

      -- Then the other side of the heap, in its order.
      if p_is_auto[i] then
        while v_left > 0 and v_front <= v_size loop
          v_top := v_heap[v_front];
          exit when p_left[v_top] > 0 and p_is_credit[v_top] = p_is_credit[i];
          v_take := least(v_left, p_left[v_top]);
          if v_take > 0 then
            v_out := v_out + 1;
            if p_is_credit[i] then
              r_line[v_out] := v_top;
              r_credit[v_out] := i;
            else
              r_line[v_out] := i;
              r_credit[v_out] := v_top;
            end if;
            r_amount[v_out] := v_take;
            v_left := v_left - v_take;
            p_left[v_top] := p_left[v_top] - v_take;
          end if;

          if p_left[v_top] > 0 then
            null;
          elsif p_rank is null then
            v_front := v_front + 1;
          else
            v_top := v_heap[v_size];
            v_rank := p_rank[v_top];
            v_size := v_size - 1;
            v_pos := 1;
            loop
              v_child := 2 * v_pos;
              exit when v_child > v_size;
              if v_child < v_size and p_rank[v_heap[v_child + 1]] < p_rank[v_heap[v_child]] then
                v_child := v_child + 1;
              end if;
              exit when p_rank[v_heap[v_child]] >= v_rank;
              v_heap[v_pos] := v_heap[v_child];
              v_pos := v_child;
            end loop;
            v_heap[v_pos] := v_top;
          end if;
        end loop;
      end if;

      p_left[i] := v_left;
    end if;

    -- What is left waits.
    if v_left > 0 and p_is_auto[i] then
      v_size := v_size + 1;
      v_pos := v_size;
      if p_rank is not null then
        v_rank := p_rank[i];
        while v_pos > 1 and p_rank[v_heap[v_pos / 2]] > v_rank loop
          v_heap[v_pos] := v_heap[v_pos / 2];
          v_pos := v_pos / 2;
        end loop;
      end if;
      v_heap[v_pos] := i;
    end if;
  end loop;
  r_left := p_left;
end
$$;

comment on function calc.replay(int, boolean[], bigint[], int[], boolean[], int[], numeric[], bigint[]) is
  'Stage 2 of allocation (docs/figures.md) over the lines and credits of one account, in order of their turns (of several accounts, one after the other, when p_account_id says whose they are); the first p_base only wait. p_rank: order among lines (policy) or among credits (doc_date, id), null: as they stand; p_named: place of the first line of the invoice a return names, null: none does; p_left: what stage 1 left. Gives allocations as places in the arrays, and what is left of each item.';
