create or replace function inbox.try_bool(p_text text)
returns boolean
language sql
immutable
parallel safe
as $$
  select case
    when lower(inbox.clean(p_text)) in ('true', 't', 'yes', 'y', '1', 'بله', 'بلی') then true
    when lower(inbox.clean(p_text)) in ('false', 'f', 'no', 'n', '0', 'خیر') then false
  end
$$;

comment on function inbox.try_bool(text) is
  'Yes or no: true/false, t/f, yes/no, y/n, 1/0, بله/خیر; null if the text is none of them.';
