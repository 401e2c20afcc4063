-- One Persian text has one spelling, whatever keyboard it was typed on.
begin;

select plan(9);

select is(ref.latin_digits('۰۱۲۳۴۵۶۷۸۹'), '0123456789', 'Persian digits become ASCII');
select is(ref.latin_digits('٠١٢٣٤٥٦٧٨٩'), '0123456789', 'Arabic digits become ASCII');
select is(ref.latin_digits(' ي 12,5 '), ' ي 12,5 ', 'and nothing else is touched');
select is(
  ref.persian_text(E'\u0643\u0631\u064A\u0645\u0649 \u06F1\u0662'),
  E'\u06A9\u0631\u06CC\u0645\u06CC 12',
  'Arabic kaf, yeh and alef maksura, and any digits'
);
select is(
  ref.persian_text(E' \uFEFFشرکت\t\u00A0 \u3000نور\r\n'),
  'شرکت نور',
  'blanks of any kind are one space, and none at the ends'
);
select is(
  ref.persian_text(E'ســلام\u200E \u202Bنور\u202C'),
  'سلام نور',
  'tatweel and direction marks go'
);
select is(ref.persian_text(E'سه\u200Cشنبه'), E'سه\u200Cشنبه', 'the joiner that is spelling stays');
select is(ref.persian_text('  '), '', 'nothing but blanks is an empty text');
select is(ref.persian_text(null), null, 'and no text is none');

select * from finish();

rollback;
