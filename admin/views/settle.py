"""Open lines and unapplied credits side by side: pin, unpin, and see what it does before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask_admin import expose
from flask_babel import lazy_gettext as _

from admin.base import Screen


class Settle(Screen):
    """Open lines and unapplied credits side by side: pin, unpin, and see what it does before."""

    group = "work"

    @expose("/")
    def index(self) -> Any:
        """Show the page."""
        return self.render("desk/base.html")

    @expose("/<int:account_id>/")
    def account(self, account_id: int) -> Any:
        """Show the page of one account."""
        return self.render("desk/base.html", account_id=account_id)


def screens() -> Iterator[Any]:
    """Return the screen."""
    yield Settle(name=_("Settle by hand"), endpoint="settle", url="/settle")
