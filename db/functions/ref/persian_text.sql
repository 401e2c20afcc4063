create or replace function ref.persian_text(p_text text)
returns text
language sql
immutable
parallel safe
as $$
  -- Written as escapes because most of these characters look like others, or like nothing:
  -- Arabic yeh and alef maksura, kaf; Arabic digits are left to ref.latin_digits; then blanks
  -- (tab, CR, LF, no-break and typographic spaces); then, by falling off the end of the shorter
  -- list, tatweel, byte order and direction marks. ZWNJ (U+200C) is spelling: it stays.
  select btrim(regexp_replace(
    translate(
      ref.latin_digits(p_text),
      U&'\064A\0649\0643\0009\000A\000D\00A0\2002\2003\2007\2009\202F\3000'
        '\0640\FEFF\200B\200E\200F\061C\202A\202B\202C\202D\202E\2066\2067\2068\2069',
      U&'\06CC\06CC\06A9          '
    ),
    ' {2,}', ' ', 'g'
  ))
$$;

comment on function ref.persian_text(text) is
  'A Persian text in one spelling, so that equal names compare equal: Arabic yeh and kaf as Persian
ones, Persian and Arabic digits as ASCII, any blanks as one space and none at the ends, without
tatweel and invisible direction marks. ZWNJ is kept. May give an empty text. Inlined.';

-- A code that was written directly can have any spelling. Whoever names the party in another one means
-- it, so two that differ in nothing else would be one customer twice.
create unique index if not exists party_code_spelling_unique on ref.party (ref.persian_text(code));

comment on index ref.party_code_spelling_unique is
  'A party with this code in another spelling exists (Arabic or Persian letters, digits, blanks). | Use it, or give another code.';
