"""The first page."""

from __future__ import annotations

from flask_admin import AdminIndexView, expose
from flask_babel import lazy_gettext as _

from admin.base import Desk


class Dashboard(Desk, AdminIndexView):
    """What is open, how deep, and what to do about it today."""

    group = "overview"

    def __init__(self) -> None:
        super().__init__(name=_("Dashboard"), url="/")

    @expose("/")
    def index(self) -> str:
        """Show it."""
        return str(self.render("desk/dashboard.html"))
