create or replace function inbox.try_sayad(p_text text)
returns text
language sql
immutable
parallel safe
as $$
  select substring(replace(inbox.clean(p_text), ' ', '') from '^[0-9]{16}$')
$$;

comment on function inbox.try_sayad(text) is
  'A Sayad id: 16 digits of any script, blanks between them left out; null if the text is none.';
