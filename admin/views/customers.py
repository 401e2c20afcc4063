"""Customers and suppliers: every account with its figures."""

from __future__ import annotations

from typing import Any

from flask import abort, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import exists, insert, or_, select
from wtforms.validators import InputRequired

from admin import filters, labels
from admin.base import Records
from admin.database import db, model, table
from admin.fields import ChoiceField, DigitsField, PersianField, few
from admin.filters import Filter
from admin.lookups import name_of

OF_THE_PARTY = {
    "code": PersianField(validators=[InputRequired()], description=_("Your number for them.")),
    "name": PersianField(validators=[InputRequired()]),
    "national_id": DigitsField(),
    "phone": DigitsField(),
    "email": PersianField(),
    "region_id": ChoiceField(options=few("region_id")),
    "agency_id": ChoiceField(options=few("agency_id")),
    "salesperson_id": ChoiceField(options=few("salesperson_id")),
}
FIXED = ("side", "currency")


def _open_line() -> Any:
    line = table("bi.line")
    return (select(line.c.line_no)
            .where(line.c.account_id == table("ref.account").c.account_id, line.c.is_open))


def _bounced() -> Any:
    cheque = table("doc.cheque")
    return (select(cheque.c.cheque_id)
            .where(cheque.c.account_id == table("ref.account").c.account_id,
                   cheque.c.kind == "payment", cheque.c.status == "bounced"))


class Customers(Records):
    """Each account with what it owes, how deep and how it pays; leads to its card."""

    group = "overview"
    create_template = edit_template = "desk/account_form.html"
    view_name = "bi.account"
    view_key = {"account_id": "account_id"}
    kinds = {"side": "side"}
    order = ("party_name",)
    search_label = _("Code, name, national id or phone")
    column_list = ("party_code", "party_name", "side", "balance", "overdue_amount",
                   "debt_depth_days", "risky_share", "uncleared_amount", "bounced_amount",
                   "credit_room", "settlement_period_days", "variance_days", "salesperson_name")
    column_sortable_list = ("party_code", "party_name")
    form_columns = (*OF_THE_PARTY, *FIXED, "policy", "payment_term_id", "credit_limit",
                    "tolerance_days", "risk_days", "cheque_grace_days", "note")
    form_extra_fields = OF_THE_PARTY
    form_args = {
        "side": {"description": _("Receivable: they owe us. Payable: we owe them.")},
        "policy": {"description": _("Which invoice a payment goes to first.")},
        "payment_term_id": {"description": _("What invoices get that name no due date.")},
        "credit_limit": {"description": _("Empty: no limit.")},
        "tolerance_days": {"description": _("So near to the due date counts as on time.")},
        "risk_days": {"description": _("Debt later than this is risky.")},
        "cheque_grace_days": {"description": _(
            "A cheque that clears within these days after its date counts from its date.")},
    }

    def make_filters(self) -> tuple[Filter, ...]:
        """Return the fields above the list."""
        party, account = table("ref.party").c, table("ref.account").c
        states = [("open", _("with open invoices")), ("overdue", _("with overdue invoices")),
                  ("bounced", _("with bounced cheques")), ("clear", _("nothing open"))]

        def state(chosen: str) -> Any:
            if chosen == "overdue":
                return exists(_open_line().where(table("bi.line").c.is_overdue))
            if chosen == "bounced":
                return exists(_bounced())
            return exists(_open_line()) if chosen == "open" else ~exists(_open_line())

        return (Filter("state", _("State"), "choice", state, lambda: states),
                filters.side(), filters.currency(), filters.reference(party.salesperson_id),
                filters.reference(party.region_id), filters.reference(party.agency_id),
                filters.reference(account.payment_term_id),
                filters.choice(account.policy, "policy"))

    def search_condition(self, typed: str) -> Any:
        """Find by the name, or by the whole code, national id or phone."""
        return or_(super().search_condition(typed), filters.reached_by(typed))

    def key_columns(self) -> list[Any]:
        """Return the account's columns, and the party's by which the list is ordered."""
        party = table("ref.party").c
        return [*super().key_columns(), party.code.label("party_code"),
                party.name.label("party_name")]

    def row_links(self, row: Any) -> list[tuple[str, str]]:
        """Lead to the card."""
        return [(url_for("customer.card", account_id=row.account_id), gettext("Card"))]

    # Forms

    def create_form(self, obj: Any = None) -> Any:
        """Make the form of a new customer, or of another account of a party of the address."""
        form = super().create_form(obj)
        if "party_id" in request.args:
            for name in OF_THE_PARTY:
                del form[name]
        return form

    def edit_form(self, obj: Any = None) -> Any:
        """Make the form of the account's terms; whose it is, its side and currency stay."""
        form = super().edit_form(obj)
        for name in (*OF_THE_PARTY, *FIXED):
            del form[name]
        return form

    def on_model_change(self, form: Any, model: Any, is_created: bool) -> None:
        """Write the party of a new account in the same transaction."""
        if not is_created:
            return
        if "party_id" in request.args:
            model.party_id = _known_party()
            return
        values = {name: form[name].data for name in OF_THE_PARTY}
        party = table("ref.party")
        with db.session.no_autoflush:
            model.party_id = db.session.execute(
                insert(party).values(values).returning(party.c.party_id)).scalar_one()

    def get_save_return_url(self, model: Any, is_created: bool = False) -> Any:
        """Go on to the card of a new customer."""
        if is_created:
            return url_for("customer.card", account_id=model.account_id)
        return super().get_save_return_url(model, is_created)

    def render(self, template: str, **values: Any) -> str:
        """Say whose account the form is of."""
        if template == self.edit_template:
            if account := values.get("model"):
                values["owner"] = name_of("account", account.account_id)
                values["said"] = " · ".join((str(labels.value("side", account.side)),
                                             account.currency))
            elif "party_id" in request.args:
                values["owner"] = name_of("party", _known_party())
        return str(super().render(template, **values))


def _known_party() -> int:
    party_id = request.args.get("party_id", type=int)
    if party_id is None:
        abort(404)
    return party_id


def screens() -> Any:
    """Return the list of accounts."""
    yield Customers(model("ref.account"), name=_("Customers"), endpoint="customers")
