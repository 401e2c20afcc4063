create or replace function ref.try_jalali_date(p_text text)
returns date
language plpgsql
immutable
parallel safe
as $$
declare
  v_text text := ref.persian_text(p_text);
  v_part text[];
begin
  -- To test and then to split is half the cost of one regexp_match with captures.
  if v_text ~ '^[0-9]{4}(/[0-9]{1,2}/|-[0-9]{1,2}-)[0-9]{1,2}$' then
    v_part := string_to_array(translate(v_text, '-', '/'), '/');
    return ref.jalali_to_date(v_part[1]::int, v_part[2]::int, v_part[3]::int);
  end if;

  return null;
end
$$;

comment on function ref.try_jalali_date(text) is
  'The day that a Jalali text names, 1404/05/06 or 1404-5-6, in ASCII, Persian or Arabic digits and
with blanks around it; null if it names none. For loads: it never raises. ref.jalali_date does.';
