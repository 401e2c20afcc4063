create or replace function inbox.limit_complaint(p_column text, p_text text)
returns inbox.complaint[]
language sql
immutable
parallel safe
as $$
  select case
    when inbox.clean(p_text) is not null and inbox.try_limit(p_text) is null
      then array[(
        'account_credit_limit_range',
        format('%s "%s" is not an amount of 0 or more', p_column, p_text)
      )::inbox.complaint]
  end
$$;

comment on function inbox.limit_complaint(text, text) is
  'Why a text is no credit limit; null if it is one, or blank.';
