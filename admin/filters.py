"""What a list can be narrowed to: fields above it, each a condition on the rows it is found by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from flask import request
from flask_babel import gettext, lazy_gettext
from sqlalchemy import (
    Column,
    ColumnElement,
    DateTime,
    Select,
    Table,
    any_,
    case,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy import text as sql

from admin import labels, text
from admin.database import db, table
from admin.fields import currencies, few
from admin.lookups import like, prefix

MANY = 200
"""Customers that a search may name and still be looked up one by one."""


@dataclass(frozen=True)
class Filter:
    """A field of the bar above a list.

    `kind` tells how it is typed: choice, day, amount or text, or tab (a choice that is made by
    links above the list and only kept by the bar); `condition` makes of the value read
    what the rows must fulfil; `options` are what can be chosen.
    """

    name: str
    label: Any
    kind: str
    condition: Callable[[Any], ColumnElement[bool]]
    options: Callable[[], list[tuple[Any, Any]]] = list

    def raw(self) -> str:
        """Return what was typed, as it was."""
        return request.args.get(self.name, "").strip()

    def read(self) -> Any:
        """Return the value that was typed, or None.

        :raises ValueError: it can't be read, with a sentence for the person
        """
        typed = self.raw()
        if not typed:
            return None
        match self.kind:
            case "day":
                return text.read_day(typed)
            case "amount":
                return text.read_amount(typed)
            case "choice" | "tab":
                for code, _ in self.options():
                    if str(code) == typed:
                        return code
                raise ValueError(gettext("This can't be chosen here."))
            case _:
                return text.fold(typed)


def choice(column: Column[Any], kind: str, label: Any = None, name: str = "") -> Filter:
    """Make a filter for a column that holds codes; `kind` is a key of `labels.VALUES`."""
    return Filter(name or column.name, label or labels.column(column.name), "choice",
                  lambda value: column == value, lambda: labels.choices(kind))


def reference(column: Column[Any], label: Any = None) -> Filter:
    """Make a filter for a column that refers to a region, agency, salesperson or payment term.

    A region stands for all that is in it, and 0 for documents without one.
    """
    if column.name == "region_id":
        return Filter(column.name, label or labels.column(column.name), "choice",
                      lambda value: within(column, value),
                      lambda: [*few("region_id")(), (0, gettext("(none)"))])
    return Filter(column.name, label or labels.column(column.name), "choice",
                  lambda value: column == value, few(column.name))


def within(column: ColumnElement[Any], region_id: int) -> ColumnElement[bool]:
    """Return the condition that a region is this one, or lies in it; 0: there is none."""
    if region_id == 0:
        return column.is_(None)
    region = table("ref.region")
    tree = select(region.c.region_id).where(region.c.region_id == region_id).cte(recursive=True)
    tree = tree.union_all(select(region.c.region_id)
                          .join_from(region, tree, region.c.parent_id == tree.c.region_id))
    # Asked once, as an array, so that rows are still found along their own index.
    return column == any_(func.array(select(tree.c.region_id).scalar_subquery()))


YEAR = 12
"""Code of the last twelve months, this one among them, where a Jalali month can be chosen."""


def settled_month(invoice: Table) -> Filter:
    """Make the filter for the Jalali month in which invoices were settled, of the last 37."""
    settled = table("bi.settled_invoice")
    month = settled.c.jalali_settlement_year * 12 + settled.c.jalali_settlement_month

    def condition(code: int) -> ColumnElement[bool]:
        chosen = (month >= year_of_months() if code == YEAR
                  else month == code // 100 * 12 + code % 100)
        return exists(select(settled.c.invoice_id).where(
            settled.c.account_id == invoice.c.account_id,
            settled.c.invoice_id == invoice.c.invoice_id, chosen))

    def months() -> list[tuple[Any, Any]]:
        found = db.session.execute(sql("""
            select distinct c.jalali_year * 100 + c.jalali_month
            from ref.calendar as c
            where c.day between calc.today() - 1096 and calc.today()
            order by 1 desc
        """))
        return [(YEAR, lazy_gettext("the last 12 months")),
                *((code, text.jalali_month(code)) for (code,) in found)]

    return Filter("settled_month", lazy_gettext("Settled in"), "choice", condition, months)


def year_of_months() -> ColumnElement[int]:
    """Return year × 12 + month of the first of the last twelve Jalali months."""
    calendar = table("ref.calendar")
    return (select(calendar.c.jalali_year * 12 + calendar.c.jalali_month - (YEAR - 1))
            .where(calendar.c.day == func.calc.today()).scalar_subquery())


def days(column: Column[Any], name: str = "") -> tuple[Filter, Filter]:
    """Make the two filters of a column of days: from and up to."""
    base, label = name or column.name, labels.column(column.name)
    return (
        Filter(f"{base}_from", lazy_gettext("%(what)s from", what=label), "day",
               lambda value: column >= _start(column, value)),
        Filter(f"{base}_to", lazy_gettext("%(what)s up to", what=label), "day",
               lambda value: column < _start(column, value + timedelta(1))),
    )


def _start(column: Column[Any], day: date) -> date:
    """Return where a day begins: of a column of moments, the midnight of Tehran."""
    if isinstance(column.type, DateTime):
        return datetime.combine(day, time(), text.TEHRAN)
    return day


def least(column: Column[Any]) -> Filter:
    """Make a filter for the least amount; it is typed in the unit each row is shown in."""

    def condition(value: Decimal) -> ColumnElement[bool]:
        if not text.uses_toman("IRR"):
            return column >= value
        is_rial = table("ref.account").c.currency == "IRR"
        return column >= case((is_rial, value), else_=value / text.RIALS_IN_A_TOMAN)

    return Filter(f"{column.name}_from",
                  lazy_gettext("%(what)s at least", what=labels.column(column.name)), "amount",
                  condition)


def containing(column: Column[Any]) -> Filter:
    """Make a filter for a part of a text, in whichever spelling it was written."""
    return Filter(column.name, labels.column(column.name), "text",
                  lambda typed: func.translate(column, "يىك", "ییک").ilike(like(typed)))


def side() -> Filter:
    """Make the filter for receivable or payable."""
    return choice(table("ref.account").c.side, "side")


def currency() -> Filter:
    """Make the filter for the currency."""
    column = table("ref.account").c.currency
    return Filter("currency", labels.column("currency"), "choice", lambda value: column == value,
                  lambda: [(each.value, each.label) for each in currencies()])


def _accounts(typed: str) -> Select[Any]:
    account, party = table("ref.account"), table("ref.party")
    name = func.translate(party.c.name, "يىك", "ییک")
    return (
        select(account.c.account_id)
        .join_from(account, party, account.c.party_id == party.c.party_id)
        .where(or_(func.lower(party.c.code) == typed.lower(), name.ilike(like(typed))))
    )


def reached_by(typed: str) -> ColumnElement[bool]:
    """Return the condition that a party has this national id or phone, however it is spaced."""
    party, digits = table("ref.party"), typed.replace(" ", "").replace("-", "")
    return or_(party.c.national_id == digits, party.c.phone == digits)


def is_wide(typed: str) -> bool:
    """Whether what was typed names more customers than can be looked up one by one."""
    found = db.session.execute(_accounts(typed).limit(MANY + 1)).all()
    return len(found) > MANY


def found_by(typed: str, account_id: Column[Any], *numbers: Column[Any]) -> ColumnElement[bool]:
    """Return the condition of the search box: the customer's code or name, or a paper's number.

    Few accounts are found first, so that documents are looked up along their keys; of many, the
    list's own order soon meets a page full.
    """
    accounts = _accounts(typed)
    owned = (account_id.in_(accounts) if is_wide(typed)
             else account_id == any_(func.array(accounts.scalar_subquery())))
    return or_(owned, *(each.like(prefix(typed)) for each in numbers))
