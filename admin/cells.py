"""How the value of a column is shown: one rule for lists, cards, pages and exports.

What a column is follows from its name, as the names of the contract tell it.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import url_for
from markupsafe import Markup

from admin import labels, text

MONEY = {
    "amount", "balance", "credit_limit", "credit_room", "not_due", "d1_30", "d31_60", "d61_90",
    "d91_120", "over_120",
}
"""Columns of money whose names do not end in `_amount`."""

PLAIN = {"days", "days_past_due", "days_to_due", "line_no", "score"}
"""Numbers that are neither money nor a share."""


def is_money(name: str) -> bool:
    """Whether a column holds amounts, in the currency of its row."""
    return name in MONEY or name.endswith("_amount")


def is_number(name: str) -> bool:
    """Whether a column's values stand under one another, aligned at their ends."""
    return (is_money(name) or name in PLAIN or name == "debt_depth"
            or name.endswith(("_days", "_share", "_count", "_rate")))


def plain(name: str, value: Any, currency: str | None = None, kind: str | None = None) -> str:
    """Write a value as text in the reader's way; `kind` is a key of `labels.VALUES`."""
    if value is None or value == "":
        return "–"
    if kind is not None:
        return str(labels.value(kind, value))
    match value:
        case bool():
            return text.yes(value)
        case datetime():
            return text.moment(value)
        case date():
            return text.day(value)
        case Decimal() | int() | float() if is_money(name):
            return text.amount(Decimal(value), currency)
        case Decimal() | float() if name.endswith("_share"):
            return text.share(value)
        case Decimal() | float():
            return text.number(value, 2)
        case int() if is_number(name):
            return text.number(value)
        case _:
            return text.digits(value) if isinstance(value, int) else str(value)


def html(name: str, value: Any, currency: str | None = None, kind: str | None = None) -> Markup:
    """Write a value for a page: numbers and days keep their order, states have their colour."""
    written = plain(name, value, currency, kind)
    if kind is not None and value in labels.TONES:
        return Markup('<span class="state state-{}">{}</span>').format(
            labels.TONES[value], written)
    if isinstance(value, bool) or kind is not None or value is None:
        return Markup.escape(written)
    if isinstance(value, int | float | Decimal | date):
        # Days below nothing are early, or still to come: no reason for red.
        is_below = is_money(name) and not isinstance(value, date) and value < 0
        return text.isolated(written, "minus" if is_below else "")
    return Markup("<bdi>{}</bdi>").format(written)


def link(endpoint: str, shown: Any, **values: Any) -> Markup:
    """Return a link to a page of the desk."""
    return Markup('<a href="{}">{}</a>').format(url_for(endpoint, **values), shown)


def customer(row: Any) -> Markup:
    """Return the name of a row's party, leading to the card of its account."""
    return link("customer.card", Markup("<bdi>{}</bdi>").format(row.party_name),
                account_id=row.account_id)


def invoice(row: Any, name: str = "doc_no") -> Markup:
    """Return the number of a row's invoice, leading to its page; an id stands for no number."""
    shown = getattr(row, name) or f"#{row.invoice_id}"
    return link("invoice.page", text.isolated(shown), account_id=row.account_id,
                invoice_id=row.invoice_id)
