create or replace function inbox.word_complaint(p_column text, p_text text, p_words text[])
returns inbox.complaint[]
language sql
immutable
parallel safe
as $$
  select case
    when inbox.clean(p_text) is not null
      then array[(
        p_column || '_known',
        format(
          '%s "%s" is unknown; it is one of %s', p_column, p_text, array_to_string(p_words, ', ')
        )
      )::inbox.complaint]
  end
$$;

comment on function inbox.word_complaint(text, text, text[]) is
  'Complains of a text that inbox.try_word does not read; null if it is blank.';
