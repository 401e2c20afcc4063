"""The pages of the finance desk."""

from __future__ import annotations

from typing import Any

import psycopg
from flask import Flask, render_template
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import dict_row

PERSIAN = str.maketrans("0123456789,.-", "۰۱۲۳۴۵۶۷۸۹٬٫−")


def create_app(dsn: str) -> Flask:
    """Make the application on the database at this address."""
    app = Flask(__name__)
    app.jinja_env.filters["persian"] = persian
    known = conninfo_to_dict(dsn)

    @app.get("/")
    def landing() -> str | tuple[str, int]:
        try:
            sides, problem = _sides(dsn), None
        except psycopg.Error as error:
            sides, problem = [], _problem(error)
        page = render_template("landing.html", database=known, sides=sides, problem=problem)
        return (page, 503) if problem else page

    return app


def persian(number: Any) -> str:
    """Write a number in Persian digits, in groups of three."""
    return f"{number:,}".translate(PERSIAN)


def _sides(dsn: str) -> list[dict[str, Any]]:
    """Accounts, invoices, open and unapplied amount of each side and currency."""
    with psycopg.connect(dsn, row_factory=dict_row, connect_timeout=5) as connection:
        return connection.execute(
            """
            select a.side, a.currency, a.accounts, a.open_amount, a.unapplied_amount,
                   coalesce(i.invoices, 0) as invoices
            from (
              select side, currency, count(*) as accounts, sum(open_amount) as open_amount,
                     sum(unapplied_amount) as unapplied_amount
              from bi.account
              group by side, currency
            ) as a
            left join (
              select side, currency, count(*) as invoices
              from bi.invoice
              group by side, currency
            ) as i using (side, currency)
            order by a.side desc, a.currency
            """
        ).fetchall()


def _problem(error: psycopg.Error) -> dict[str, str]:
    """What is shown of a database that gives no figures: what is wrong, what to do, its words."""
    if isinstance(error, psycopg.errors.UndefinedTable):
        said, hint = "جدول‌های رسید در این پایگاه داده نیست.", "./scripts/rasid migrate"
    elif isinstance(error, psycopg.OperationalError):
        said, hint = "پایگاه داده در دسترس نیست.", "./scripts/up"
    else:
        said, hint = "پایگاه داده ارقام را نداد.", "./scripts/rasid status"
    return {"said": said, "hint": hint, "words": error.diag.message_primary or str(error)}
