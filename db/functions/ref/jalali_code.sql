create or replace function ref.jalali_code(p_date date)
returns int
language sql
immutable
parallel safe
as $$
  -- Counted from 1 Farvardin 1300 the years run in cycles of 33 with 8 leap ones: 12053 days.
  select case
    when p_date between date '1921-03-21' and date '2122-03-20' then
      (1300 + (33 * (p_date - date '1921-03-21') + 6) / 12053) * 10000
      + case
          when (33 * (p_date - date '1921-03-21') + 6) % 12053 / 33 < 186 then
            ((33 * (p_date - date '1921-03-21') + 6) % 12053 / 33 / 31 + 1) * 100
            + (33 * (p_date - date '1921-03-21') + 6) % 12053 / 33 % 31 + 1
          else
            (((33 * (p_date - date '1921-03-21') + 6) % 12053 / 33 - 6) / 30 + 1) * 100
            + ((33 * (p_date - date '1921-03-21') + 6) % 12053 / 33 - 6) % 30 + 1
        end
  end
$$;

comment on function ref.jalali_code(date) is
  'The Jalali date as one integer, year * 10000 + month * 100 + day (14040506): sorts and groups as
the day does, and the other Jalali parts are read off it. Null outside 1300-1500. Inlined.';
