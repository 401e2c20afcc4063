"""The menu: screens under their headings, in the order they were added."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _

GROUPS: dict[str, Any] = {
    "overview": _("Overview"),
    "work": _("Daily work"),
    "documents": _("Documents"),
    "control": _("Control"),
    "master": _("Master data"),
}


def init_app(app: Flask, admin: Any) -> None:
    """Give the pages their menu."""

    def menu() -> Iterator[tuple[Any, list[Any]]]:
        views = [item._view for item in admin.menu() if item._view is not None]
        for key, heading in GROUPS.items():
            shown = [view for view in views
                     if getattr(view, "group", "") == key and view.is_accessible()]
            if shown:
                yield heading, shown

    app.jinja_env.globals["desk_menu"] = menu
