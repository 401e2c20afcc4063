create or replace function inbox.is_row_fault(p_sqlstate text)
returns boolean
language sql
immutable
parallel safe
as $$
  -- 54000: a text too long for an index.
  select p_sqlstate ~ '^(22|23|RS)' or p_sqlstate in ('P0001', '54000')
$$;

comment on function inbox.is_row_fault(text) is
  'Whether an error lies in the rows written (data, a constraint, a refusal), so that others may
pass; else it is the server''s (a conflict, no room, no right) and ends the whole.';
