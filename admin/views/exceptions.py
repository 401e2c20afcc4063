"""What a controller must look at: rule by rule, each row leading to its document."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from flask import abort, g, jsonify, request, url_for
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from admin import cells, export, labels, text
from admin.base import Screen
from admin.database import db, table
from admin.filters import choice, reference

PAGE = 100

RULES: dict[str, tuple[Any, Any]] = {
    "unapplied_long": (
        _("Money unapplied for more than 30 days"),
        _("Ask the customer what it was for, and pin it on the page where accounts are settled; or"
          " pay it back.")),
    "pin_over_covered": (
        _("A pin gives less than it says"),
        _("The credit or the invoice has no more left: make the pin smaller, or see who else took"
          " it.")),
    "due_before_document": (
        _("A due date before its document"),
        _("Usually a typing error: compare it with the paper.")),
    "bounced_not_followed_up": (
        _("A bounced cheque not followed up"),
        _("Deposit it again, return it, or enter the cheque that replaces it.")),
    "cheque_overpaid": (
        _("The bank paid more of a cheque than it is worth"),
        _("Check the payments that name the cheque; one may be entered twice.")),
    "bank_reference_twice": (
        _("One bank reference on several payments"),
        _("Make void what was entered twice.")),
    "invoice_blocked": (
        _("An open invoice kept from automatic allocation"),
        _("If the dispute is over, let it take part again; or pin a credit to it.")),
    "dated_after_today": (
        _("A document dated after today"),
        _("It counts already: put its date right if it is an error.")),
    "names_void_invoice": (
        _("A note, an adjustment or a pin naming a void invoice"),
        _("Let it name the right invoice, or make it void.")),
    "external_id_on_two_accounts": (
        _("One external id on two accounts"),
        _("It was loaded onto the wrong account once: make that one void.")),
    "sayad_id_twice": (
        _("One Sayad id on several live cheques of one side"),
        _("Compare them with the paper, and make void what was entered twice.")),
    "endorsed_half_bounced": (
        _("One leg of an endorsed cheque bounced and the other not"),
        _("Mark the other leg as bounced too, at the cheque desk.")),
    "cheque_without_result": (
        _("A cheque past due with no result"),
        _("Ask the bank, and mark it as cleared or bounced at the cheque desk.")),
    "money_beside_write_off": (
        _("Money left over on an account with write-offs"),
        _("Use the money first: make the write-off smaller or void.")),
}
"""Of each rule what it finds, and what to do about it."""

COLUMNS = ("party_name", "side", "document_type", "document_id", "on_date", "amount", "detail",
           "salesperson_name", "region_name", "agency_name")


class Exceptions(Screen):
    """The rules, how often each is met, and the documents of the one that is chosen."""

    group = "control"

    def __init__(self, **arguments: Any) -> None:
        of = table("bi.exception").c
        self.filters = (
            choice(of.side, "side"),
            *(reference(of[name]) for name in ("salesperson_id", "region_id", "agency_id")),
        )
        super().__init__(**arguments)

    def conditions(self) -> list[Any]:
        """Return what the bar asks for; what can't be read is left out."""
        found = []
        for each in self.filters:
            try:
                value = each.read()
            except ValueError:
                continue
            if value is not None:
                found.append(each.condition(value))
        return found

    @expose("/")
    def index(self) -> Any:
        """Show the rules, and the documents of the one that is chosen."""
        rule = request.args.get("rule", "")
        page = max(request.args.get("page", 0, type=int), 0)
        found: list[Any] = []
        if rule in RULES:
            found = list(db.session.execute(
                self._statement(rule).limit(PAGE + 1).offset(page * PAGE)))
        g.has_next = len(found) > PAGE
        kept = {each.name: each.raw() for each in self.filters if each.raw()}
        return self.render("desk/exceptions.html", rules=RULES, rule=rule, data=found[:PAGE],
                           page=page, kept=kept, columns=COLUMNS)

    def _statement(self, rule: str) -> Any:
        of = table("bi.exception").c
        return (select(*(of[name] for name in COLUMNS), of.account_id, of.currency)
                .where(of.rule == rule, *self.conditions())
                .order_by(of.on_date.desc().nulls_last(), of.account_id, of.document_id))

    @expose("/counts/")
    def counts(self) -> Response:
        """Answer how often each rule is met: `{"rule": 3, …}`. It looks through the book."""
        of = table("bi.exception").c
        found = db.session.execute(
            select(of.rule, func.count()).where(*self.conditions()).group_by(of.rule)).all()
        known = {row[0]: text.number(row[1]) for row in found}
        return jsonify({rule: known.get(rule, text.number(0)) for rule in RULES})

    @expose("/export/<export_type>/")
    @export.in_turn
    def export(self, export_type: str) -> Response:
        """Return all documents of a rule as a CSV or Excel file."""
        rule = request.args.get("rule", "")
        if export_type not in export.TYPES or rule not in RULES:
            abort(404)
        columns = [(name, str(labels.column(name))) for name in COLUMNS]
        return export.send(export_type, f"exceptions {rule}", columns, self._statement(rule),
                           {"side": "side", "document_type": "document_type"})

    def cell(self, row: Any, name: str) -> Any:
        """Return what a cell shows: customer and document lead to their pages."""
        match name:
            case "party_name":
                return cells.customer(row)
            case "document_id":
                return Markup('<a href="{}">{}</a>').format(
                    _address(row), text.isolated(f"#{row.document_id}"))
            case "detail":
                return _detail(row)
        return cells.html(name, getattr(row, name), row.currency,
                          name if name in ("side", "document_type") else None)


def _address(row: Any) -> str:
    """Return the page on which a document is put right."""
    kind, account, key = row.document_type, row.account_id, row.document_id
    word, _blank, named = (row.detail or "").partition(" ")
    if kind == "installment" and word == "invoice":
        kind, key = "invoice", int(named)
    if kind == "invoice":
        return url_for("invoice.page", account_id=account, invoice_id=key)
    if current_user.may_write and kind not in ("set_off", "installment"):
        return url_for(f"{kind}s.edit_view", id=f"{account},{key}")
    return url_for("history.document", kind=kind, account_id=account, key=key)


def _detail(row: Any) -> Any:
    """Return the detail of an exception in the reader's words."""
    word, _blank, rest = (row.detail or "").partition(" ")
    match word:
        case "due" | "bounced" if rest:
            label = labels.column("due_date") if word == "due" else labels.value(
                "cheque.status", "bounced")
            return f"{label} {text.day(text.read_day(rest))}"
        case "invoice" if rest.isdecimal():
            return cells.link("invoice.page", f"{labels.column('invoice_id')} #{rest}",
                              account_id=row.account_id, invoice_id=int(rest))
        case "paid" if rest:
            return f"{labels.column('paid_amount')} {text.amount(Decimal(rest), row.currency)}"
        case "other" if rest.startswith("leg "):
            states = (str(labels.value("cheque.status", state)) for state in rest[4:].split(", "))
            return gettext("other leg: %(status)s", status=text.listed(states))
        case _:
            return (labels.value("cheque.status", row.detail)
                    if row.detail in labels.VALUES["cheque.status"]
                    else cells.html("detail", row.detail))


def screens() -> Iterator[Any]:
    """Return the screen."""
    yield Exceptions(name=_("Exceptions"), endpoint="exceptions", url="/exceptions")
