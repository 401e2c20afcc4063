create or replace function inbox.int_complaint(
  p_column text, p_text text, p_least int, p_most int
)
returns inbox.complaint[]
language sql
immutable
parallel safe
as $$
  select case
    when inbox.clean(p_text) is not null
      then array[(
        p_column || '_range',
        format('%s "%s" is not a whole number from %s to %s', p_column, p_text, p_least, p_most)
      )::inbox.complaint]
  end
$$;

comment on function inbox.int_complaint(text, text, int, int) is
  'Complains of a text that inbox.try_int does not read; null if it is blank.';
