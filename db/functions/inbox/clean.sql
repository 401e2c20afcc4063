create or replace function inbox.clean(p_text text)
returns text
language sql
immutable
parallel safe
as $$
  select nullif(ref.persian_text(p_text), '')
$$;

comment on function inbox.clean(text) is
  'A text in its one spelling (ref.persian_text: Persian yeh and kaf, ASCII digits, single blanks);
null if nothing is left. Inlined.';
