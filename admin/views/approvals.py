"""What customers told and nobody has accepted yet: deposit slips and cheques."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask_admin import expose
from flask_babel import lazy_gettext as _

from admin.base import Screen


class Approvals(Screen):
    """What customers told and nobody has accepted yet: deposit slips and cheques."""

    group = "work"

    @expose("/")
    def index(self) -> Any:
        """Show the page."""
        return self.render("desk/base.html")


def screens() -> Iterator[Any]:
    """Return the screen."""
    yield Approvals(name=_("Approvals"), endpoint="approvals", url="/approvals")
