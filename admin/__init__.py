"""The pages of the finance desk."""

from __future__ import annotations

from typing import Any

import psycopg
from flask import Flask, render_template
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import dict_row


def create_app(dsn: str) -> Flask:
    """Make the application on the database at this address."""
    app = Flask(__name__)
    known = conninfo_to_dict(dsn)

    @app.get("/")
    def landing() -> str:
        with psycopg.connect(dsn, row_factory=dict_row) as connection:
            return render_template("landing.html", database=known, sides=_sides(connection))

    return app


def _sides(connection: psycopg.Connection[dict[str, Any]]) -> list[dict[str, Any]]:
    """Accounts, invoices, open and unapplied amount of each side and currency."""
    return connection.execute(
        """
        select a.side, a.currency, count(*) as accounts, sum(a.open_amount) as open_amount,
               sum(a.unapplied_amount) as unapplied_amount,
               (select count(*) from bi.invoice as i
                where i.side = a.side and i.currency = a.currency) as invoices
        from bi.account as a
        group by a.side, a.currency
        order by a.side desc, a.currency
        """
    ).fetchall()
