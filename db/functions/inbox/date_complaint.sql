create or replace function inbox.date_complaint(p_column text, p_text text, p_style text)
returns inbox.complaint[]
language plpgsql
immutable
parallel safe
as $$
declare
  v_text text := inbox.bare_day(p_text);
  v_year text := substr(v_text, 1, 4);
  v_said text := format('%s "%s"', p_column, p_text);
  v_complaint inbox.complaint;
begin
  if v_text is null or p_style not in ('iso', 'jalali') then
    return null;
  elsif v_text !~ '^[0-9]{4}(-[0-9]{1,2}-|/[0-9]{1,2}/)[0-9]{1,2}$' then
    v_complaint := ('day_readable', v_said || ' is not a date written year-month-day');
  elsif p_style = 'iso' and v_year between '1300' and '1500' then
    v_complaint := (
      'day_looks_jalali', v_said || ' looks Jalali; say so for the whole load: --dates jalali'
    );
  elsif p_style = 'jalali' and v_year between '1900' and '2199' then
    v_complaint := (
      'day_looks_gregorian', v_said || ' looks Gregorian; say so for the whole load: --dates iso'
    );
  elsif (p_style = 'iso' and v_year between '1922' and '2121')
    or (p_style = 'jalali' and v_year between '1300' and '1500')
  then
    v_complaint := ('day_exists', v_said || ' names a month or a day that does not exist');
  else
    v_complaint := (
      'day_in_calendar', v_said || ' is outside the calendar (1921-03-21 to 2122-03-20)'
    );
  end if;

  return array[v_complaint];
end
$$;

comment on function inbox.date_complaint(text, text, text) is
  'Why a text that inbox.try_date does not read is no day in the style told; null if it is blank.';
