"""Customers and suppliers: every account with its figures."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _
from sqlalchemy import exists, select

from admin import filters
from admin.base import Records
from admin.database import model, table
from admin.filters import Filter


class Customers(Records):
    """Each account with what it owes, how deep and how it pays; leads to its card."""

    group = "overview"
    view_name = "bi.account"
    view_key = {"account_id": "account_id"}
    kinds = {"side": "side"}
    order = ("party_id",)
    search_label = _("Code or name")
    column_list = ("party_code", "party_name", "side", "balance", "overdue_amount",
                   "debt_depth_days", "risky_share", "uncleared_amount", "bounced_amount",
                   "credit_room", "settlement_period_days", "variance_days", "salesperson_name")
    form_columns = ("party_id", "side", "currency", "policy", "payment_term_id", "credit_limit",
                    "tolerance_days", "risk_days", "cheque_grace_days", "note")

    def make_filters(self) -> tuple[Filter, ...]:
        """Return the fields above the list."""
        party, account, cheque = table("ref.party").c, table("ref.account"), table("doc.cheque")
        bounced = exists(select(cheque.c.cheque_id).where(
            cheque.c.account_id == account.c.account_id, cheque.c.kind == "payment",
            cheque.c.status == "bounced"))
        return (Filter("state", _("State"), "choice", lambda _chosen: bounced,
                       lambda: [("bounced", _("with bounced cheques"))]),
                filters.side(), filters.currency(), filters.reference(party.salesperson_id),
                filters.reference(party.region_id), filters.reference(party.agency_id))

    def row_links(self, row: Any) -> list[tuple[str, str]]:
        """Lead to the card."""
        return [(url_for("customer.card", account_id=row.account_id), str(_("Card")))]


def screens() -> Any:
    """Return the list of accounts."""
    yield Customers(model("ref.account"), name=_("Customers"), endpoint="customers")
