create or replace function inbox.bare_day(p_text text)
returns text
language sql
immutable
parallel safe
as $$
  select regexp_replace(
    inbox.clean(p_text), '[ T][0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,9})?)?$', ''
  )
$$;

comment on function inbox.bare_day(text) is
  'A text in its one spelling, without the time of day that exports put after a date.';
