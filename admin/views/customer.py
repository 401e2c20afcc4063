"""The card of a customer: everything about one account on one page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask_admin import expose
from flask_babel import lazy_gettext as _

from admin.base import Screen


class Customer(Screen):
    """The card of a customer: everything about one account on one page."""

    group = ""

    @expose("/")
    def index(self) -> Any:
        """Show the page."""
        return self.render("desk/base.html")

    @expose("/<int:account_id>/")
    def card(self, account_id: int) -> Any:
        """Show the page of one account."""
        return self.render("desk/base.html", account_id=account_id)


def screens() -> Iterator[Any]:
    """Return the screen."""
    yield Customer(name=_("Customer"), endpoint="customer", url="/customer")
