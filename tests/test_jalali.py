"""The Jalali dates of the database against two libraries, every day of 1300-1500.

jdatetime and persiantools were compared with each other and with the 33-year rule over the whole
span and agree; khayyam follows the 2820-year rule and differs on 1,098 days from 1403 on.
"""

import csv
import os
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import jdatetime
import psycopg
import pytest
from persiantools.jdatetime import JalaliDate

SHARED = Path(os.environ.get("RASID_SHARED", Path(__file__).parents[2] / "shared"))
FIRST_DAY = date(1921, 3, 21)
LAST_DAY = date(2122, 3, 20)
EVERY_DAY = [FIRST_DAY + timedelta(n) for n in range((LAST_DAY - FIRST_DAY).days + 1)]
PERSIAN_WITH_HYPHENS = str.maketrans("0123456789/", "۰۱۲۳۴۵۶۷۸۹-")

Parts = tuple[int, int, int]


def by_jdatetime(day: date) -> Parts:
    jalali = jdatetime.date.fromgregorian(date=day)
    return jalali.year, jalali.month, jalali.day


def by_persiantools(day: date) -> Parts:
    jalali = JalaliDate(day)  # type: ignore[no-untyped-call]
    return jalali.year, jalali.month, jalali.day


def text(parts: Parts) -> str:
    return "{:04}/{:02}/{:02}".format(*parts)


@pytest.mark.parametrize("library", [by_jdatetime, by_persiantools])
def test_every_day_is_converted_both_ways_as_by_the_library(
    conn: psycopg.Connection[Any], library: Callable[[date], Parts]
) -> None:
    rows = conn.execute(
        """
        select
          day,
          ref.jalali_year(day),
          ref.jalali_month(day),
          ref.jalali_day(day),
          ref.jalali_text(day),
          ref.jalali_to_date(ref.jalali_year(day), ref.jalali_month(day), ref.jalali_day(day)),
          ref.jalali_date(ref.jalali_text(day))
        from unnest(%s::date[]) as day
        order by day
        """,
        [EVERY_DAY],
    ).fetchall()

    assert rows == [
        (day, *parts, text(parts), day, day) for day in EVERY_DAY for parts in [library(day)]
    ]


@pytest.mark.parametrize("library", [by_jdatetime, by_persiantools])
def test_the_calendar_has_every_day_as_the_library_does(
    conn: psycopg.Connection[Any], library: Callable[[date], Parts]
) -> None:
    rows = conn.execute(
        """
        select
          day,
          jalali_year,
          jalali_month,
          jalali_day,
          jalali_text,
          weekday,
          gregorian_year,
          gregorian_month
        from ref.calendar
        order by day
        """
    ).fetchall()

    assert rows == [
        (day, *parts, text(parts), (day.weekday() + 2) % 7, day.year, day.month)
        for day in EVERY_DAY
        for parts in [library(day)]
    ]


def test_a_date_is_taken_exactly_if_the_library_has_it(conn: psycopg.Connection[Any]) -> None:
    """All of years 1299-1501, months 0-13 and days 0-32, so the dates that do not exist too."""
    numbers = [
        (year, month, day) for year in range(1299, 1502) for month in range(14) for day in range(33)
    ]
    by_parts = {by_jdatetime(day): day for day in EVERY_DAY}

    rows = conn.execute(
        """
        select
          ref.jalali_to_date(n.year, n.month, n.day),
          ref.try_jalali_date(format('%%s/%%s/%%s', n.year, n.month, n.day))
        from rows from (unnest(%s::int[]), unnest(%s::int[]), unnest(%s::int[]))
          with ordinality as n (year, month, day, position)
        order by n.position
        """,
        [list(column) for column in zip(*numbers, strict=True)],
    ).fetchall()

    assert rows == [(by_parts.get(parts), by_parts.get(parts)) for parts in numbers]


def test_persian_digits_and_hyphens_are_read_on_every_day(conn: psycopg.Connection[Any]) -> None:
    written = [text(by_jdatetime(day)).translate(PERSIAN_WITH_HYPHENS) for day in EVERY_DAY]

    rows = conn.execute(
        """
        select ref.try_jalali_date(' ' || w.written || ' ')
        from unnest(%s::text[]) with ordinality as w (written, position)
        order by w.position
        """,
        [written],
    ).fetchall()

    assert [day for (day,) in rows] == EVERY_DAY


def test_the_edge_dates_of_the_shared_file(conn: psycopg.Connection[Any]) -> None:
    path = SHARED / "data" / "jalali_edge_dates.csv"
    if not path.exists():
        pytest.skip("the shared edge dates are not here")

    with path.open(encoding="utf-8", newline="") as file:
        edges = [(row["jalali"], row["gregorian"] or None) for row in csv.DictReader(file)]
    rows = conn.execute(
        """
        select e.jalali, ref.try_jalali_date(e.jalali)::text
        from unnest(%s::text[]) with ordinality as e (jalali, position)
        order by e.position
        """,
        [[jalali for jalali, _ in edges]],
    ).fetchall()

    assert rows == edges
