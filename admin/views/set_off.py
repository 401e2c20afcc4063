"""What they owe us against what we owe them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask_admin import expose
from flask_babel import lazy_gettext as _

from admin.base import Screen


class SetOff(Screen):
    """What they owe us against what we owe them."""

    group = "work"

    @expose("/")
    def index(self) -> Any:
        """Show the page."""
        return self.render("desk/base.html")


def screens() -> Iterator[Any]:
    """Return the screen."""
    yield SetOff(name=_("Set-off"), endpoint="set_off", url="/set-off")
