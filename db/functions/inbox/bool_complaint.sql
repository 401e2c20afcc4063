create or replace function inbox.bool_complaint(p_column text, p_text text)
returns inbox.complaint[]
language sql
immutable
parallel safe
as $$
  select case
    when inbox.clean(p_text) is not null
      then array[(
        p_column || '_known', format('%s "%s" is neither true nor false', p_column, p_text)
      )::inbox.complaint]
  end
$$;

comment on function inbox.bool_complaint(text, text) is
  'Complains of a text that inbox.try_bool does not read; null if it is blank.';
