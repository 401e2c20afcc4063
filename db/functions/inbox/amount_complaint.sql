create or replace function inbox.amount_complaint(p_column text, p_text text)
returns inbox.complaint[]
language plpgsql
immutable
parallel safe
as $$
declare
  v_number numeric := inbox.try_number(p_text);
begin
  if inbox.clean(p_text) is null then
    return null;
  elsif v_number is null then
    return array[(
      'amount_readable',
      format('%s "%s" is not a number such as 4166.66 or 4,166.66', p_column, p_text) || case
        when inbox.clean(p_text) ~ '[[:alpha:]$€£﷼]'
          then ' (write it without words or currency)'
        when inbox.clean(p_text) ~ ',[0-9]{1,2}$' then ' (write the decimals after a point)'
        else ''
      end
    )::inbox.complaint];
  end if;

  return array_remove(array[
    case
      when v_number = 0
        then ('amount_positive', format('%s is zero', p_column))::inbox.complaint
      when v_number < 0
        then (
          'amount_positive',
          format(
            '%s "%s" is negative: what lowers a debt is a document of its own', p_column, p_text
          )
        )::inbox.complaint
    end,
    case
      when abs(v_number) >= 1e18
        then (
          'amount_below_limit', format('%s "%s" is not below 10^18', p_column, p_text)
        )::inbox.complaint
    end,
    case
      when v_number <> round(v_number, 2)
        then (
          'amount_two_decimals',
          format('%s "%s" has more than two decimals', p_column, p_text)
        )::inbox.complaint
    end
  ], null);
end
$$;

comment on function inbox.amount_complaint(text, text) is
  'Why a text is no amount: every rule it breaks; null if it is blank, empty if it breaks none.';
