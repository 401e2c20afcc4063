"""What lies behind the figures of the dashboard: open lines, and what money is expected when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import Select, Subquery, false, func, select

from admin import cells, filters, labels
from admin.base import Records
from admin.database import model
from admin.fields import few
from admin.filters import Filter

MONEY = ("payment", "cheque", "set_off")
"""Documents that are money; notes and adjustments are not."""

ON_THE_WAY = ("in_hand", "deposited")
"""States of a cheque that the bank has yet to pay."""


class Behind(Records):
    """A list over a view: nothing in it is written."""

    can_create = can_edit = can_delete = False
    kinds = {"side": "side", "bucket": "bucket", "source_type": "source_type"}

    def source(self) -> Any:
        """Return the view itself: it knows whose its rows are."""
        return self.table

    def own_filters(self) -> tuple[Filter, ...]:
        """Return the filters that every list of this kind has."""
        columns = self.table.c
        return (
            filters.choice(columns.side, "side"),
            Filter("currency", labels.column("currency"), "choice",
                   lambda value: columns.currency == value, filters.currency().options),
            *(_unjoined(filters.reference(column))
              for column in (columns.salesperson_id, columns.region_id, columns.agency_id)),
        )


def _unjoined(reference: Filter) -> Filter:
    """Return a filter on a column of an invoice that does not tell the planner there is an invoice.

    It would join from there: it takes the pair of an invoice's keys for independent, so expects a
    handful, and sorts thousands.
    """
    return replace(reference, condition=lambda value: func.coalesce(
        reference.condition(value), false()))


class OpenItems(Behind):
    """Lines of invoices with something open, those due first at the top."""

    group = "overview"
    numbers = ("invoice_no",)
    order = ("due_date", "account_id", "invoice_id", "line_no")
    also = ("invoice_id",)
    search_label = _("Customer or invoice number")
    column_list = ("party_name", "invoice_no", "line_no", "invoice_date", "due_date",
                   "days_past_due", "bucket", "amount", "open_amount", "salesperson_name",
                   "region_name")

    def make_filters(self) -> tuple[Filter, ...]:
        """Return the fields above the list."""
        columns = self.table.c
        states = [("overdue", _("overdue")), ("risky", _("risky"))]
        return (
            Filter("state", _("State"), "choice",
                   lambda chosen: columns.is_risky if chosen == "risky" else columns.is_overdue,
                   lambda: states),
            filters.choice(columns.bucket, "bucket"),
            *filters.days(columns.due_date),
            *self.own_filters(),
            Filter("region_itself", _("Region itself, without its parts"), "choice",
                   lambda value: columns.region_id == value, few("region_id")),
        )

    def conditions(self, search: str | None) -> list[Any]:
        """Add that something is open, by which the lines are found."""
        return [self.table.c.is_open, *super().conditions(search)]

    def cell(self, row: Any, name: str) -> Any:
        """Lead from the number to the page of the invoice."""
        return cells.invoice(row, name) if name == "invoice_no" else super().cell(row, name)


class Expected(Behind):
    """What is expected to come in or go out: open lines and cheques not cleared."""

    group = "overview"
    numbers = ("doc_no",)
    order = ("expected_on", "account_id", "source_type", "document_id", "line_no")
    search_label = _("Customer or number")
    column_list = ("party_name", "source_type", "doc_no", "due_date", "delay_days", "expected_on",
                   "amount", "certain_amount", "doubtful_amount", "salesperson_name",
                   "region_name")

    def make_filters(self) -> tuple[Filter, ...]:
        """Return the fields above the list."""
        columns = self.table.c
        return (
            filters.choice(columns.source_type, "source_type"),
            *filters.days(columns.expected_on),
            *self.own_filters(),
        )

    def with_figures(self, found: Subquery) -> Select[Any]:
        """Return the rows of a page, looked up by themselves: the order asks for little of them."""
        of_the_row = [
            # Null for a cheque.
            key.is_not_distinct_from(found.c.line_no) if key.name == "line_no"
            else key == found.c[key.name]
            for key in self.model.__mapper__.primary_key]
        return self.beside(found, select(self.table).where(*of_the_row))


class DueCheques(Behind):
    """Payment cheques that the bank has yet to pay, those due first at the top."""

    numbers = ("serial_no",)
    order = ("due_date", "account_id", "cheque_id")
    kinds = {"side": "side", "status": "cheque.status"}
    search_label = _("Customer or number")
    column_list = ("due_date", "party_name", "serial_no", "sayad_id", "bank", "amount", "status",
                   "status_date", "salesperson_name", "region_name")

    def make_filters(self) -> tuple[Filter, ...]:
        """Return the fields above the list."""
        columns = self.table.c
        states = [(name, labels.value("cheque.status", name)) for name in ON_THE_WAY]
        return (
            Filter("status", labels.column("status"), "choice",
                   lambda value: columns.status == value, lambda: states),
            *filters.days(columns.due_date),
            *self.own_filters(),
        )

    def conditions(self, search: str | None) -> list[Any]:
        """Add what they wait for."""
        columns = self.table.c
        return [columns.kind == "payment", columns.status.in_(ON_THE_WAY),
                *super().conditions(search)]


class Receipts(Behind):
    """Money as it was collected or paid: payments, cheques and set-offs that count."""

    numbers = ("doc_no",)
    order = ("-doc_date", "-credit_id", "-credit_type")
    search_label = _("Customer or number")
    kinds = {"side": "side", "credit_type": "credit_type"}
    column_list = ("party_name", "credit_type", "doc_no", "doc_date", "value_date",
                   "counted_amount", "allocated_amount", "unapplied_amount", "salesperson_name",
                   "region_name")

    def make_filters(self) -> tuple[Filter, ...]:
        """Return the fields above the list."""
        columns = self.table.c
        kinds = [(name, labels.value("credit_type", name)) for name in MONEY]
        return (
            Filter("credit_type", labels.column("credit_type"), "choice",
                   lambda value: columns.credit_type == value, lambda: kinds),
            *filters.days(columns.doc_date),
            *self.own_filters(),
        )

    def conditions(self, search: str | None) -> list[Any]:
        """Add that they are money, and count."""
        columns = self.table.c
        # In words that leave the outer join alone: of columns that go together the planner would
        # expect next to nothing to join, and sort all there is for a page of it.
        is_counted = func.coalesce(columns.is_counted, false())
        return [is_counted, columns.credit_type.in_(MONEY), *super().conditions(search)]


def screens() -> Iterator[Any]:
    """Return the lists."""
    yield OpenItems(model("bi.line", "account_id", "invoice_id", "line_no"),
                    name=_("Open items"), endpoint="open_items", url="/open-items")
    yield Expected(model("bi.cash_forecast", "account_id", "source_type", "document_id", "line_no"),
                   name=_("Cash forecast"), endpoint="expected", url="/expected")
    yield Receipts(model("bi.credit", "account_id", "credit_type", "credit_id"),
                   name=_("Receipts"), endpoint="receipts", url="/receipts")
    yield DueCheques(model("bi.cheque", "account_id", "cheque_id"),
                     name=_("Cheques not yet paid"), endpoint="due_cheques", url="/due-cheques")
