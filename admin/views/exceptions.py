"""What a controller must look at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask_admin import expose
from flask_babel import lazy_gettext as _

from admin.base import Screen


class Exceptions(Screen):
    """What a controller must look at."""

    group = "control"

    @expose("/")
    def index(self) -> Any:
        """Show the page."""
        return self.render("desk/base.html")


def screens() -> Iterator[Any]:
    """Return the screen."""
    yield Exceptions(name=_("Exceptions"), endpoint="exceptions", url="/exceptions")
