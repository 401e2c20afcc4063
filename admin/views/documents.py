"""Lists of documents with their figures, and the forms that write them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import exists, select

from admin import cells, filters
from admin.base import Records
from admin.database import model, table
from admin.filters import Filter


def _open_line() -> Any:
    line, invoice = table("bi.line"), table("doc.invoice")
    return (select(line.c.line_no)
            .where(line.c.account_id == invoice.c.account_id,
                   line.c.invoice_id == invoice.c.invoice_id, line.c.is_open))


class Invoices(Records):
    """Invoices, debit notes, opening balances and refunds."""

    group = "documents"
    view_name = "bi.invoice"
    view_key = {"account_id": "account_id", "invoice_id": "invoice_id"}
    kinds = {"kind": "invoice.kind", "status": "invoice.status", "timing": "timing",
             "side": "side"}
    numbers = ("doc_no",)
    order = ("-doc_date",)
    search_label = _("Customer or invoice number")
    column_list = ("doc_no", "party_name", "kind", "doc_date", "due_date", "amount", "open_amount",
                   "status", "timing", "variance_days", "debt_depth_days", "salesperson_name")
    column_sortable_list = ("doc_date",)
    form_columns = ("account_id", "kind", "doc_no", "doc_date", "due_date", "payment_term_id",
                    "amount", "salesperson_id", "region_id", "agency_id", "auto_allocate",
                    "status", "note")

    def make_filters(self) -> tuple[Filter, ...]:
        """Return the fields above the list."""
        columns = self.table.c
        states = [("open", _("open or partial")), ("overdue", _("overdue")),
                  ("settled", _("settled")), ("void", _("void"))]

        def state(chosen: str) -> Any:
            opened = _open_line()
            if chosen == "open":
                return exists(opened)
            if chosen == "overdue":
                return exists(opened.where(table("bi.line").c.is_overdue))
            if chosen == "void":
                return columns.status == "void"
            return (columns.status == "active") & ~exists(opened)

        return (
            Filter("state", _("State"), "choice", state, lambda: states),
            filters.side(),
            filters.currency(),
            *filters.days(columns.doc_date),
            filters.settled_month(self.table),
            filters.least(columns.amount),
            filters.reference(columns.salesperson_id),
            filters.reference(columns.region_id),
            filters.reference(columns.agency_id),
        )

    def cell(self, row: Any, name: str) -> Any:
        """Lead from the number to the page of the invoice."""
        if name == "doc_no":
            return cells.invoice(row)
        return super().cell(row, name)


def screens() -> Iterator[Any]:
    """Return the lists of documents."""
    yield Invoices(model("doc.invoice"), name=_("Invoices"), endpoint="invoices")


