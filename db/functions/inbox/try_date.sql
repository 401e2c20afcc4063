create or replace function inbox.try_date(p_text text, p_style text)
returns date
language plpgsql
immutable
parallel safe
as $$
declare
  v_text text;
  v_part int[];
  v_date date;
begin
  if p_text is null then
    return null;
  elsif p_text ~ '^[0-9]{4}(-[0-9]{2}-|/[0-9]{2}/)[0-9]{2}$' then
    v_text := p_text;
  else
    v_text := inbox.bare_day(p_text);
  end if;

  if p_style = 'jalali' then
    return ref.try_jalali_date(v_text);
  elsif p_style <> 'iso' or v_text !~ '^[0-9]{4}(-[0-9]{1,2}-|/[0-9]{1,2}/)[0-9]{1,2}$' then
    return null;
  end if;

  v_part := string_to_array(translate(v_text, '/', '-'), '-');
  if v_part[1] < 1921 or v_part[2] not between 1 and 12 or v_part[3] not between 1 and 31 then
    return null;
  end if;

  -- Day 31 of a month of 30 days runs over into the next one.
  v_date := make_date(v_part[1], v_part[2], 1) + v_part[3] - 1;
  return case
    when extract(month from v_date) = v_part[2]
      and v_date between date '1921-03-21' and date '2122-03-20'
      then v_date
  end;
end
$$;

comment on function inbox.try_date(text, text) is
  'The day a text names in a style: iso (2025-07-28, 2025/07/28) or jalali (1404/05/06), any digits,
a time of day after it left out; null if it names none within ref.calendar. Never raises, never
guesses: inbox.date_complaint says why.';
