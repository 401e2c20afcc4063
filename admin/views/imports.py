"""Excel and CSV files: columns, preview, bad rows with their reasons."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask_admin import expose
from flask_babel import lazy_gettext as _

from admin.base import Screen


class Imports(Screen):
    """Excel and CSV files: columns, preview, bad rows with their reasons."""

    group = "work"

    @expose("/")
    def index(self) -> Any:
        """Show the page."""
        return self.render("desk/base.html")


def screens() -> Iterator[Any]:
    """Return the screen."""
    yield Imports(name=_("Load a file"), endpoint="imports", url="/import")
