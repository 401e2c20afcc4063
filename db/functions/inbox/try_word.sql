create or replace function inbox.try_word(p_text text, p_words text[])
returns text
language sql
immutable
parallel safe
as $$
  select case when lower(btrim(p_text)) = any(p_words) then lower(btrim(p_text)) end
$$;

comment on function inbox.try_word(text, text[]) is
  'A text as one of the words allowed, whatever its case; null if it is none. Inlined.';
