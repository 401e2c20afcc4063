"""Who changed what, and what it was before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask_admin import expose
from flask_babel import lazy_gettext as _

from admin.base import Screen


class History(Screen):
    """Who changed what, and what it was before."""

    group = "control"

    @expose("/")
    def index(self) -> Any:
        """Show the page."""
        return self.render("desk/base.html")

    @expose("/<kind>/<int:account_id>/<int:key>/")
    def document(self, kind: str, account_id: int, key: int) -> Any:
        """Show the story of one document."""
        return self.render("desk/base.html", kind=kind, account_id=account_id, key=key)


def screens() -> Iterator[Any]:
    """Return the screen."""
    yield History(name=_("History"), endpoint="history", url="/history")
