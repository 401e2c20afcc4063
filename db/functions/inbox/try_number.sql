create or replace function inbox.try_number(p_text text)
returns numeric
language plpgsql
immutable
parallel safe
as $$
declare
  v_text text;
begin
  if p_text ~ '^[0-9]{1,18}(\.[0-9]{1,9})?$' then
    return trim_scale(p_text::numeric);
  end if;

  -- Arabic decimal and thousands separators, Arabic comma, the minus sign proper.
  v_text := translate(inbox.clean(p_text), '٫٬،−', '.,,-');
  v_text := regexp_replace(v_text, '^\( ?([0-9., ]+?) ?\)$', '-\1');
  v_text := regexp_replace(v_text, '^([0-9., ]+?) ?-$', '-\1');
  if v_text ~ (
    '^[-+]? ?([0-9]{1,40}|[0-9]{1,3}(,[0-9]{3}){1,12}|[0-9]{1,3}( [0-9]{3}){1,12})'
    || '(\.[0-9]{1,40})?$'
  ) then
    return trim_scale(translate(v_text, ', +', '')::numeric);
  end if;

  return null;
end
$$;

comment on function inbox.try_number(text) is
  'The number a text writes, null if none: ASCII, Persian or Arabic digits, thousands in groups of
three (comma, blank or Arabic separators), point or Arabic decimal separator; (8.02), 8.02-, -8.02
are negative. No exponents, no currency, no decimal comma. Never raises.';
