"""Proposed cheques against chosen invoices: the settlement ras against the committed one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from flask import jsonify, redirect, render_template, request, url_for
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import text as sql
from sqlalchemy.exc import DBAPIError

from admin import text
from admin.base import Screen
from admin.database import db, rows
from admin.refusal import Refusal, refusal
from admin.sent import Id, Sent
from admin.views.settle import account_of


class Cheque(Sent):
    """A proposed cheque, as it was typed."""

    amount: str
    due_date: str


class Proposal(Sent):
    """The invoices that are chosen and the cheques that are proposed."""

    invoices: list[Id]
    cheques: list[Cheque]


class Calculator(Screen):
    """Proposed cheques against chosen invoices: the settlement ras against the committed one."""

    group = "work"

    @expose("/")
    def index(self) -> Any:
        """Ask for the customer."""
        account_id = request.args.get("account_id", type=int)
        if account_id:
            return redirect(url_for(".account", account_id=account_id))
        return self.render("desk/choose_account.html", lead=_(
            "Choose whose invoices are to be settled with cheques."))

    @expose("/<int:account_id>/")
    def account(self, account_id: int) -> Any:
        """Show the open invoices of an account, and the cheques that are proposed."""
        return self.render("desk/calculator.html", account=account_of(account_id),
                           invoices=rows(_OPEN, {"account_id": account_id}),
                           today=db.session.scalar(sql("select calc.today()")))

    @expose("/<int:account_id>/result", methods=["POST"])
    def result(self, account_id: int) -> Any:
        """Answer what the chosen invoices add up to and what the cheques would make of them."""
        account = account_of(account_id)
        said = Proposal.model_validate_json(request.form["plan"])
        invoices = said.invoices
        plan = None
        problem: Refusal | str | None = None
        cheques: list[dict[str, str]] = []
        try:
            ras = rows(_RAS, {"account_id": account_id, "invoices": invoices})[0]
        except DBAPIError as error:
            return jsonify(html=render_template(
                "desk/calculated.html", account=account, ras=None, plan=None,
                problem=refusal(error)))
        try:
            cheques = list(_cheques(said.cheques, account.currency))
        except ValueError as unreadable:
            problem = str(unreadable)
        if cheques and invoices and problem is None:
            try:
                plan = rows(_PLAN, {"account_id": account_id, "invoices": invoices,
                                    "cheques": json.dumps(cheques)})[0]
            except DBAPIError as error:
                problem = refusal(error)
        balancing = plan.balancing_due_date if plan else None
        return jsonify(
            html=render_template("desk/calculated.html", account=account, ras=ras, plan=plan,
                                 problem=problem),
            left=text.typed_amount(plan.left_amount, account.currency)
            if plan and plan.left_amount > 0 else None,
            balancing=text.typed_day(balancing) if balancing else None)


def _cheques(typed: list[Cheque], currency: str) -> Iterator[dict[str, str]]:
    """Read the proposed cheques as the database wants them; rows left empty are left out.

    :raises ValueError: one can't be read, with a sentence for the person
    """
    for place, each in enumerate(typed, 1):
        if not each.amount.strip() and not each.due_date.strip():
            continue
        try:
            cheque = {}
            if each.amount.strip():
                cheque["amount"] = str(text.read_amount(each.amount, currency))
            if each.due_date.strip():
                cheque["due_date"] = text.read_day(each.due_date).isoformat()
        except ValueError as problem:
            raise ValueError(gettext("Cheque %(number)s: %(problem)s", number=text.number(place),
                                     problem=problem)) from None
        yield cheque


_OPEN = sql("""
    select account_id, invoice_id, doc_no, kind, doc_date, due_date, committed_ras, amount,
           open_amount, overdue_amount, currency, timing
    from bi.invoice
    where account_id = :account_id
      and invoice_id = any(array(
        select invoice_id from bi.line where account_id = :account_id and is_open))
    order by doc_date, invoice_id
""")

_RAS = sql("select * from bi.ras_of_invoices(:account_id, :invoices)")

_PLAN = sql("""
    select * from bi.plan_settlement(:account_id, :invoices, cast(:cheques as jsonb))
""")


def screens() -> Iterator[Any]:
    """Return the screen."""
    yield Calculator(name=_("Ras calculator"), endpoint="calculator", url="/calculator")
