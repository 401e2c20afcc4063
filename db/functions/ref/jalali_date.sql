create or replace function ref.jalali_date(p_text text)
returns date
language plpgsql
immutable
parallel safe
as $$
declare
  v_date date := ref.try_jalali_date(p_text);
begin
  if v_date is null and p_text is not null then
    raise exception using
      errcode = 'RS801',
      message = format('"%s" is not a Jalali date', p_text),
      hint = case
        when ref.persian_text(p_text) ~ '^(19|20)[0-9]{2}[/-]'
          then 'It looks like a Gregorian date: give it as a date, or write the Jalali one.'
        else 'Write year/month/day, such as 1404/05/06, of a year 1300-1500; months 7 to 11 have '
          || '30 days, and Esfand has 30 only in a leap year.'
      end,
      constraint = 'jalali_date_valid';
  end if;

  return v_date;
end
$$;

comment on function ref.jalali_date(text) is
  'The day that a Jalali text names, as ref.try_jalali_date reads it; null of null. Raises RS801
(constraint jalali_date_valid) if the text names no day of 1300-1500.';
