"""Cheques by state and due date, many at once: deposit, clear, bounce, endorse, return."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask_admin import expose
from flask_babel import lazy_gettext as _

from admin.base import Screen


class ChequeDesk(Screen):
    """Cheques by state and due date, many at once: deposit, clear, bounce, endorse, return."""

    group = "work"

    @expose("/")
    def index(self) -> Any:
        """Show the page."""
        return self.render("desk/base.html")


def screens() -> Iterator[Any]:
    """Return the screen."""
    yield ChequeDesk(name=_("Cheque desk"), endpoint="cheque_desk", url="/cheque-desk")
