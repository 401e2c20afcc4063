"""`rasid close-month`: no document is dated in the month any more, and what was printed is kept."""

from __future__ import annotations

import re
from typing import Any

import click
import psycopg

from rasid_cli import db

_LAST_DAY = {
    "gregorian": "select max(day) from ref.calendar where (gregorian_year, gregorian_month)"
                 " = (%s, %s)",
    "jalali": "select max(day) from ref.calendar where (jalali_year, jalali_month) = (%s, %s)",
}


@click.command("close-month")
@click.argument("month", metavar="MONTH")
@click.option("--jalali", is_flag=True, help="MONTH is Jalali, such as 1404/05.")
@click.option("--reason", metavar="TEXT", help="Kept with the closing (default: month-end MONTH).")
def command(month: str, jalali: bool, reason: str | None) -> None:
    """Close the books to the end of MONTH and keep its figures.

    MONTH is such as 2025-07. Waits for those who are writing documents; from then on nothing dated
    to the end of MONTH is written, changed or deleted, except by members of rasid_finance who give
    a reason. The account and aging figures of that day are kept in bi.month_end; bi.month_end_drift
    shows what has moved since. Running it again does what is still to be done.
    """
    with db.connect() as connection:
        day = _last_day(connection, month, "jalali" if jalali else "gregorian")
        is_closed = _value(
            connection, "select exists (select from ref.period_lock where closed_upto = %s)", day
        )
        if not is_closed:
            connection.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
            with connection.transaction():
                connection.execute(
                    "select ref.close_period(%s, %s)", [day, reason or f"month-end {month}"]
                )
        click.echo(f"{'was closed' if is_closed else 'closed'} to {day}")
        # In a transaction of its own: nothing of that month moves now, and no writer waits for it.
        kept = _value(connection, "select audit.keep_month_end(%s)", day)
        accounts = _value(
            connection,
            "select count(*) from bi.month_end where as_of = %s", day,
        )
        click.echo(f"kept the figures of {accounts:,} accounts (month-end {kept})")


def _last_day(connection: psycopg.Connection[Any], month: str, style: str) -> Any:
    """Last day of a month written year-month or year/month, by the calendar of the book."""
    said = re.fullmatch(r"(\d{4})[-/](\d{1,2})", month)
    day = said and _value(connection, _LAST_DAY[style], *map(int, said.groups()))
    if day is None:
        example = "1404/05" if style == "jalali" else "2025-07"
        raise click.BadParameter(f"{month} is not a {style} month, such as {example}.")
    return day


def _value(connection: psycopg.Connection[Any], query: str, *parameters: object) -> Any:
    row = connection.execute(query, parameters).fetchone()
    return row[0] if row else None
