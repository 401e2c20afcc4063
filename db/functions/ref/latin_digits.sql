create or replace function ref.latin_digits(p_text text)
returns text
language sql
immutable
parallel safe
as $$
  select translate(p_text, '۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩', '01234567890123456789')
$$;

comment on function ref.latin_digits(text) is
  'A text with its Persian (U+06F0-06F9) and Arabic (U+0660-0669) digits as ASCII digits; the rest
of it is left alone. Inlined.';
