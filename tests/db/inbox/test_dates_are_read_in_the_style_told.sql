-- A date is read in the style told for the whole load; what looks like the other style is refused.
begin;

select plan(30);

select is(inbox.try_date(written, style), day::date, format('"%s" is read (%s)', written, style))
from (
  values
    ('2025-07-28', 'iso', '2025-07-28'),
    ('2025/07/28', 'iso', '2025-07-28'),
    ('۲۰۲۵/۷/۲۸', 'iso', '2025-07-28'),
    ('2024-02-29', 'iso', '2024-02-29'),
    ('2025-07-28 00:00:00', 'iso', '2025-07-28'),
    ('2025-07-28T10:20:30.123', 'iso', '2025-07-28'),
    ('1921-03-21', 'iso', '1921-03-21'),
    ('2122-03-20', 'iso', '2122-03-20'),
    ('1404/05/06', 'jalali', '2025-07-28'),
    ('۱۴۰۴-۵-۶', 'jalali', '2025-07-28'),
    ('1403/12/30', 'jalali', '2025-03-20'),
    ('1404/05/06 08:30', 'jalali', '2025-07-28')
) as t (written, style, day);

select is(
  (
    select string_agg(c.code, ',')
    from unnest(inbox.date_complaint('doc_date', written, style)) as c
    where inbox.try_date(written, style) is null
  ),
  code,
  format('"%s" is refused (%s): %s', written, style, code)
)
from (
  values
    ('1404-05-06', 'iso', 'day_looks_jalali'),
    ('2025-07-28', 'jalali', 'day_looks_gregorian'),
    ('2025-02-30', 'iso', 'day_exists'),
    ('2025-02-29', 'iso', 'day_exists'),
    ('2025-13-01', 'iso', 'day_exists'),
    ('2025-00-10', 'iso', 'day_exists'),
    ('2025-04-31', 'iso', 'day_exists'),
    ('1404/12/30', 'jalali', 'day_exists'),
    ('1404/13/01', 'jalali', 'day_exists'),
    ('1404/07/31', 'jalali', 'day_exists'),
    ('0000-01-01', 'iso', 'day_in_calendar'),
    ('1921-03-20', 'iso', 'day_in_calendar'),
    ('2122-03-21', 'iso', 'day_in_calendar'),
    ('28/07/2025', 'iso', 'day_readable'),
    ('2025-07/28', 'iso', 'day_readable'),
    ('20250728', 'iso', 'day_readable'),
    ('infinity', 'iso', 'day_readable')
) as t (written, style, code);

select is(inbox.date_complaint('doc_date', ' ', 'iso'), null, 'nothing written is nothing wrong');

select * from finish();

rollback;
