create or replace function inbox.sayad_complaint(p_column text, p_text text)
returns inbox.complaint[]
language sql
immutable
parallel safe
as $$
  select case
    when inbox.clean(p_text) is not null
      then array[(
        'cheque_sayad_id_format', format('%s "%s" is not 16 digits', p_column, p_text)
      )::inbox.complaint]
  end
$$;

comment on function inbox.sayad_complaint(text, text) is
  'Complains of a text that inbox.try_sayad does not read; null if it is blank.';
