"""Open lines and unapplied credits side by side: pin, unpin, and see what it does before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import delete, insert, update
from sqlalchemy import text as sql

from admin import preview, text
from admin.base import Screen
from admin.database import db, rows, table
from admin.sent import Id, Parts, Sent

MONEY = ("payment", "cheque", "set_off")
"""Credits that can be pinned."""

SOME, MANY = 30, 500
"""How many applied credits are shown, and how many when one asks for more."""


class Credit(Parts):
    """A credit that can be pinned."""

    kind: Literal["payment", "cheque", "set_off"]
    key: Id


class Flagged(Parts):
    """A document that takes part in automatic allocation or not."""

    kind: Literal["invoice", "payment", "cheque"]
    key: Id


class Pin(Sent):
    """A new pin; an empty amount is as much as fits."""

    credit: Credit
    invoice: Id
    amount: str


class Typed(Sent):
    """What was changed on the page, as it was typed."""

    pins: list[Pin] = []
    unpin: list[Id] = []
    amounts: dict[Id, str] = {}
    flags: dict[Flagged, bool] = {}


@dataclass(frozen=True)
class Plan:
    """What is to be written: new pins, pins taken away, amounts of pins, flags of documents."""

    pins: list[dict[str, Any]]
    unpin: list[int]
    amounts: dict[int, Decimal | None]
    flags: dict[str, dict[int, bool]]

    @classmethod
    def read(cls, account_id: int, currency: str, typed: Typed) -> Plan:
        """Read the amounts.

        :raises ValueError: one can't be read, with a sentence for the person
        """
        def amount(written: str) -> Decimal | None:
            return text.read_amount(written, currency) if written.strip() else None

        pins = [{"account_id": account_id, "invoice_id": each.invoice,
                 "amount": amount(each.amount)}
                | {f"{kind}_id": each.credit.key if kind == each.credit.kind else None
                   for kind in MONEY}
                for each in typed.pins]
        flags: dict[str, dict[int, bool]] = defaultdict(dict)
        for document, on in typed.flags.items():
            flags[document.kind][document.key] = on
        return cls(pins, typed.unpin,
                   {key: amount(written) for key, written in typed.amounts.items()}, flags)

    def write(self, account_id: int) -> dict[str, Any]:
        """Run the statements; tell what each new pin gives, and each of those there were."""
        pin = table("doc.pin")
        if self.unpin:
            db.session.execute(delete(pin).where(
                pin.c.account_id == account_id, pin.c.pin_id.in_(self.unpin)))
        for key, amount in self.amounts.items():
            db.session.execute(update(pin).values(amount=amount).where(
                pin.c.account_id == account_id, pin.c.pin_id == key))
        for kind, flags in self.flags.items():
            document = table(f"doc.{kind}")
            key_column = document.c[f"{kind}_id"]
            db.session.execute(
                update(document)
                .where(document.c.account_id == account_id, key_column.in_(flags))
                .values(auto_allocate=key_column.in_(
                    [key for key, on in flags.items() if on])))
        made: list[int] = []
        if self.pins:
            # One statement: the ids, and so the order in which pins give, are that of the rows.
            made = list(db.session.scalars(
                insert(pin).values(self.pins).returning(pin.c.pin_id)))
        gives = dict(rows(sql("""
            select pin_id, sum(amount) from bi.allocation
            where account_id = :account_id and pin_id is not null
            group by pin_id
            order by pin_id
        """), {"account_id": account_id}))
        return {"made": [gives.pop(key, Decimal(0)) for key in made], "gives": gives}


class Settle(Screen):
    """Open lines and unapplied credits side by side: pin, unpin, and see what it does before."""

    group = "work"
    writers_only = True

    @expose("/")
    def index(self) -> Any:
        """Ask for the customer."""
        account_id = request.args.get("account_id", type=int)
        if account_id:
            return redirect(url_for(".account", account_id=account_id))
        return self.render("desk/choose_account.html", lead=_(
            "Choose whose invoices and receipts are to be matched by hand."))

    @expose("/<int:account_id>/")
    def account(self, account_id: int) -> Any:
        """Show the open invoices and the credits of one account."""
        account = account_of(account_id)
        credits_ = _credits(account_id, MANY if request.args.get("more") else SOME)
        shown = [row.credit_id for row in credits_]
        settles = defaultdict(list)
        for row in rows(_SETTLES, {"account_id": account_id, "credits": shown}):
            settles[row.credit_id].append(row)
        lines = rows(_LINES, {"account_id": account_id})
        pins = rows(_PINS, {"account_id": account_id, "credits": shown,
                            "invoices": list({line.invoice_id for line in lines})})
        return self.render("desk/settle.html", account=account, lines=lines, credits=credits_,
                           settles=settles, pins=pins, money=MONEY,
                           firsts={line.invoice_id: line for line in reversed(lines)},
                           has_more=len(shown) >= SOME and not request.args.get("more"))

    @expose("/<int:account_id>/effect", methods=["POST"])
    def effect(self, account_id: int) -> Any:
        """Answer what the plan would do, as a piece of the page; nothing is saved."""
        account, typed = account_of(account_id), Typed.model_validate_json(request.form["plan"])
        try:
            plan = Plan.read(account_id, account.currency, typed)
        except ValueError as problem:
            return jsonify(sentence=str(problem), hint=None), 422
        return _answer(preview.effect_of(lambda: plan.write(account_id), [account_id]))

    @expose("/<int:account_id>/save", methods=["POST"])
    def save(self, account_id: int) -> Any:
        """Save the plan, if it does what was seen."""
        account, typed = account_of(account_id), Typed.model_validate_json(request.form["plan"])
        try:
            plan = Plan.read(account_id, account.currency, typed)
            preview.save(lambda: plan.write(account_id), [account_id], request.form["seen"])
        except ValueError as problem:
            return jsonify(sentence=str(problem), hint=None), 422
        except preview.OtherwiseError as otherwise:
            return _answer(otherwise.effect, otherwise=True)
        flash(gettext("Saved."), "success")
        return jsonify(saved=True)


def _answer(effect: preview.Effect, *, otherwise: bool = False) -> Any:
    currency = effect.accounts[0].after.currency
    return jsonify(
        html=render_template("desk/effect.html", effect=effect), seen=effect.seen,
        otherwise=preview.otherwise_words() if otherwise else None,
        made=[text.amount(each, currency) for each in effect.result["made"]],
        gives={key: text.amount(each, currency) for key, each in effect.result["gives"].items()})


def account_of(account_id: int) -> Any:
    """Return an account with its figures, or answer that there is none."""
    found = rows(sql("select * from bi.account where account_id = :account_id"),
                 {"account_id": account_id})
    if not found:
        abort(404)
    return found[0]


_LINES = sql("""
    select account_id, invoice_id, invoice_no, invoice_kind, invoice_date, line_no, due_date,
           days_past_due, amount, open_amount, is_overdue, auto_allocate, currency
    from bi.line
    where account_id = :account_id and is_open
    order by due_date, invoice_date, invoice_id, line_no
""")

# What is left over first, then what was applied, the latest first.
_CREDITS = sql("""
    select * from (
      select credit_type, credit_id, kind, doc_no, doc_date, value_date, amount, allocated_amount,
             unapplied_amount, status, auto_allocate, currency,
             row_number() over (
               partition by unapplied_amount > 0 order by doc_date desc, credit_id desc) as place
      from bi.credit
      where account_id = :account_id and is_counted
        and (unapplied_amount > 0 or credit_type = any(:money))
    ) as credit
    where place <= case when unapplied_amount > 0 then :many else :most end
    order by unapplied_amount > 0 desc, place
""")

_SETTLES = sql("""
    select credit_id, account_id, invoice_id, invoice_no as doc_no, reason, currency,
           sum(amount) as amount
    from bi.allocation
    where account_id = :account_id and credit_id = any(:credits)
    group by credit_id, account_id, invoice_id, invoice_no, reason, currency
    order by min(due_date), invoice_id
""")

_PINS = sql("""
    select p.pin_id, p.account_id, p.invoice_id, i.doc_no, p.amount::numeric as amount,
           coalesce(p.payment_id, p.cheque_id, p.set_off_id) as credit_id,
           case when p.payment_id is not null then 'payment'
                when p.cheque_id is not null then 'cheque' else 'set_off' end as credit_type,
           coalesce(y.doc_no, c.serial_no, c.sayad_id, s.set_off_no) as credit_no,
           (select sum(k.amount) from bi.allocation as k
            where k.account_id = p.account_id and k.pin_id = p.pin_id) as given
    from doc.pin as p
    join doc.invoice as i on i.account_id = p.account_id and i.invoice_id = p.invoice_id
    left join doc.payment as y on y.account_id = p.account_id and y.payment_id = p.payment_id
    left join doc.cheque as c on c.account_id = p.account_id and c.cheque_id = p.cheque_id
    left join doc.set_off as s on s.account_id = p.account_id and s.set_off_id = p.set_off_id
    where p.account_id = :account_id
      and (p.invoice_id = any(:invoices)
        or coalesce(p.payment_id, p.cheque_id, p.set_off_id) = any(:credits))
    order by p.pin_id
""")


def _credits(account_id: int, most: int) -> list[Any]:
    return rows(_CREDITS, {"account_id": account_id, "money": list(MONEY), "most": most,
                           "many": MANY})


def screens() -> Iterator[Any]:
    """Return the screen."""
    yield Settle(name=_("Settle by hand"), endpoint="settle", url="/settle")
