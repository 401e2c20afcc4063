"""Master data: parties, accounts, terms, regions, agencies, salespeople, holidays."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import or_

from admin.base import Records
from admin.database import model
from admin.lookups import like


class Named(Records):
    """A list of things with a code and a name."""

    group = "master"
    order = ("name",)
    search_label = _("Code or name")
    column_list: Any = ("code", "name")
    form_columns: Any = ("code", "name")

    def search_condition(self, typed: str) -> Any:
        """Find by code or name."""
        return or_(self.table.c.code == typed, self.table.c.name.ilike(like(typed)))


def screens() -> Iterator[Any]:
    """Return the lists of master data."""
    yield Named(model("ref.agency"), name=_("Agencies"), endpoint="agencies")
    yield Named(model("ref.salesperson"), name=_("Salespeople"), endpoint="salespeople")
