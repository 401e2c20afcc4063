"""The screens, one module each, in the order of the menu."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from admin.views import (
    approvals,
    calculator,
    cheque_desk,
    customer,
    customers,
    dashboard,
    documents,
    exceptions,
    history,
    imports,
    invoice,
    master,
    open_items,
    periods,
    set_off,
    settle,
)


def index() -> Any:
    """Return the first page."""
    return dashboard.Dashboard()


def screens() -> Iterator[Any]:
    """Return all other screens; called once the database's tables are known."""
    for module in (
        customers, open_items, customer, invoice, settle, calculator, cheque_desk, approvals,
        set_off, imports, documents, exceptions, periods, history, master,
    ):
        yield from module.screens()
