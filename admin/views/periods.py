"""Closed periods, what was kept of them, and what has moved since."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask_admin import expose
from flask_babel import lazy_gettext as _

from admin.base import Screen


class Periods(Screen):
    """Closed periods, what was kept of them, and what has moved since."""

    group = "control"

    @expose("/")
    def index(self) -> Any:
        """Show the page."""
        return self.render("desk/base.html")


def screens() -> Iterator[Any]:
    """Return the screen."""
    yield Periods(name=_("Period lock and month-end"), endpoint="periods", url="/periods")
