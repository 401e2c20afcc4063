"""The page of an invoice: its lines, what settled it, and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask_admin import expose
from flask_babel import lazy_gettext as _

from admin.base import Screen


class Invoice(Screen):
    """The page of an invoice: its lines, what settled it, and why."""

    group = ""

    @expose("/")
    def index(self) -> Any:
        """Show the page."""
        return self.render("desk/base.html")

    @expose("/<int:account_id>/<int:invoice_id>/")
    def page(self, account_id: int, invoice_id: int) -> Any:
        """Show the page of one invoice."""
        return self.render("desk/base.html", account_id=account_id, invoice_id=invoice_id)


def screens() -> Iterator[Any]:
    """Return the screen."""
    yield Invoice(name=_("Invoice"), endpoint="invoice", url="/invoice")
