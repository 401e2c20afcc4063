create or replace function inbox.unknown_complaint(p_column text, p_text text)
returns inbox.complaint[]
language sql
immutable
parallel safe
as $$
  select case
    when inbox.clean(p_text) is not null
      then array[(
        regexp_replace(p_column, '_code$', '') || '_unknown',
        format('%s "%s" is not known', p_column, p_text)
      )::inbox.complaint]
  end
$$;

comment on function inbox.unknown_complaint(text, text) is
  'Complains of a code that names nothing; null if it is blank.';
