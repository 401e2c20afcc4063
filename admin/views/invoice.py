"""The page of an invoice: its lines, what settled it, and why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy import text as sql
from sqlalchemy.exc import DBAPIError

from admin import cells, labels, stale, stories, text
from admin.base import Screen
from admin.database import db, rows, table
from admin.refusal import Refusal, refusal

BLANK_ROWS = 3
"""Empty rows that the form of installments offers beside those there are."""

NEEDS_REASON = "RS404"
"""What the database answers to a change in a closed period that gives no reason."""

_ALLOCATIONS = sql("""
    select
      b.account_id, b.currency, b.invoice_id, b.invoice_date, b.line_no, b.due_date, b.credit_type,
      b.credit_id, b.credit_no, b.credit_date, b.amount, b.reason, b.pin_id, b.effective_date,
      b.value_date, b.is_cleared,
      p.amount::numeric as pin_amount, p.note as pin_note, p.created_by as pinned_by,
      p.created_at as pinned_at,
      q.status as cheque_status, q.due_date::date as cheque_due_date, q.bank as cheque_bank
    from bi.allocation as b
    left join doc.pin as p on p.account_id = b.account_id and p.pin_id = b.pin_id
    left join doc.cheque as q
      on q.account_id = b.account_id and q.cheque_id = b.credit_id and b.credit_type = 'cheque'
    where b.account_id = :account_id and b.invoice_id = :invoice_id
    order by b.effective_date, b.credit_date, b.credit_id, b.due_date, b.line_no
""")

_PINS = sql("""
    select
      p.account_id, p.pin_id, p.amount::numeric as amount, p.note, p.created_by, p.created_at,
      c.credit_type, c.credit_id, c.doc_no as credit_no, c.doc_date as credit_date, c.status,
      c.is_counted, c.unapplied_amount, c.currency,
      coalesce(g.amount, 0) as given_amount
    from doc.pin as p
    cross join lateral (
      select c.*
      from bi.credit as c
      where c.account_id = p.account_id
        and c.credit_id = coalesce(p.payment_id, p.cheque_id, p.set_off_id)
        and c.credit_type = case
          when p.payment_id is not null then 'payment'
          when p.cheque_id is not null then 'cheque'
          else 'set_off'
        end
      offset 0
    ) as c
    left join lateral (
      select sum(a.amount) as amount
      from bi.allocation as a
      where a.account_id = p.account_id and a.invoice_id = p.invoice_id and a.pin_id = p.pin_id
    ) as g on true
    where p.account_id = :account_id and p.invoice_id = :invoice_id
    order by p.pin_id
""")

# Who writes the installments of an invoice holds the invoice: they are checked and written as one.
_LOCK = sql("""
    select invoice_id
    from doc.invoice
    where account_id = :account_id and invoice_id = :invoice_id
    for no key update
""")

_INSTALLMENTS = sql("""
    select installment_id, line_no, due_date::date as due_date, amount::numeric as amount
    from doc.installment
    where account_id = :account_id and invoice_id = :invoice_id
    order by line_no
""")

_ACCOUNT = sql("""
    select policy, tolerance_days, risk_days from ref.account where account_id = :account_id
""")


class Mark(NamedTuple):
    """A day on the line that sets promises against money: where it stands, in percent."""

    at: float
    day: date
    kind: str
    words: str


def why(row: Any, policy: str) -> str:
    """Say in words why an allocation is there."""
    credit = labels.value("credit_type", row.credit_type)
    if row.reason == "linked":
        return gettext("The %(credit)s names this invoice.", credit=credit)
    if row.reason == "pin":
        when = text.day(row.pinned_at.astimezone(text.TEHRAN).date())
        if row.pin_amount is None:
            return gettext("%(who)s pinned the %(credit)s to this invoice on %(day)s, as much as"
                           " fits.", who=row.pinned_by, credit=credit, day=when)
        return gettext("%(who)s pinned %(amount)s of the %(credit)s to this invoice on %(day)s.",
                       who=row.pinned_by, amount=text.amount(row.pin_amount, row.currency),
                       credit=credit, day=when)
    if row.credit_date < row.invoice_date:
        return gettext(
            "This %(credit)s had money left over when the invoice came on %(day)s; the oldest money"
            " left goes first.", credit=credit, day=text.day(row.invoice_date))
    if policy == "fifo_due":
        return gettext("When this %(credit)s came on %(day)s, this was the open line due earliest.",
                       credit=credit, day=text.day(row.credit_date))
    return gettext("When this %(credit)s came on %(day)s, this was the oldest open invoice.",
                   credit=credit, day=text.day(row.credit_date))


def pin_words(pin: Any) -> str:
    """Say what came of a pin, and why it gave no more."""
    given = text.amount(pin.given_amount, pin.currency)
    if not pin.is_counted:
        return gettext("It gives nothing: the document does not count now.")
    if pin.given_amount == 0:
        return gettext("It gives nothing now: nothing was left of the document, or of the invoice,"
                       " when its turn came.")
    if pin.amount is not None and pin.given_amount < pin.amount:
        return gettext("It gave %(amount)s: no more was open, or left of the document.",
                       amount=given)
    return gettext("It gave %(amount)s.", amount=given)


def against(lines: list[Any], allocations: list[Any], invoice: Any, today: date) -> list[Mark]:
    """Return the days of promises and of money on one line, from the invoice's day on."""
    found: list[tuple[date, str, str]] = [(invoice.doc_date, "start", str(_("Invoice")))]
    found += [(line.due_date, "due", gettext(
        "due: %(amount)s", amount=text.amount(line.amount, invoice.currency))) for line in lines]
    found += [(row.value_date, "paid" if row.is_cleared else "uncleared", gettext(
        "money: %(amount)s", amount=text.amount(row.amount, invoice.currency)))
        for row in allocations if row.value_date]
    for name in ("committed_ras", "settlement_ras"):
        if getattr(invoice, name):
            found.append((getattr(invoice, name), name, str(labels.column(name))))
    if invoice.open_amount:
        found.append((today, "today", gettext("today")))
    days = [each[0] for each in found]
    first, span = min(days), max((max(days) - min(days)).days, 1)
    return [Mark((day - first).days / span * 100, day, kind, words)
            for day, kind, words in sorted(found)]


class Invoice(Screen):
    """The page of an invoice: its lines, what settled it, and why."""

    group = ""

    @expose("/")
    def index(self) -> Any:
        """Lead to the list, where an invoice is chosen."""
        return redirect(url_for("invoices.index_view"))

    @expose("/<int:account_id>/<int:invoice_id>/")
    def page(self, account_id: int, invoice_id: int) -> Any:
        """Show the page of one invoice."""
        return self._page(account_id, invoice_id)

    def _page(self, account_id: int, invoice_id: int, typed: list[tuple[str, str]] | None = None,
              refused: Refusal | None = None, again: str = "") -> Any:
        """Show the page: with installments as typed, or a change to be sent again with a reason."""
        wants_reason = refused is not None and refused.code == NEEDS_REASON
        key = {"account_id": account_id, "invoice_id": invoice_id}
        view = table("bi.invoice")
        found = rows(select(view).where(view.c.account_id == account_id,
                                        view.c.invoice_id == invoice_id))
        if not found:
            abort(404)
        invoice = found[0]
        line = table("bi.line")
        lines = rows(select(line).where(line.c.account_id == account_id,
                                        line.c.invoice_id == invoice_id)
                     .order_by(line.c.due_date, line.c.line_no))
        account = rows(_ACCOUNT, key)[0]
        allocations = rows(_ALLOCATIONS, key)
        installments = rows(_INSTALLMENTS, key)
        if typed is None:
            typed = [(text.typed_day(row.due_date), _typed_amount(row.amount, invoice.currency))
                     for row in installments]
        today = rows(sql("select calc.today()"))[0][0]
        return self.render(
            "desk/invoice.html", invoice=invoice, lines=lines, account=account,
            allocations=allocations, pins=rows(_PINS, key),
            uncleared=[row for row in allocations if row.is_cleared is False],
            marks=against(lines, allocations, invoice, today) if lines else [],
            why=lambda row: why(row, account.policy), pin_words=pin_words, cell=self.cell,
            cell_of=lambda name, value, kind: cells.html(name, value, None, kind),
            is_planned=bool(installments), seen=_mark(installments),
            stood=_document(account_id, invoice_id),
            typed=[*typed, *[("", "")] * BLANK_ROWS],
            wants_reason=wants_reason, again=again if wants_reason else "",
            story=stories.of_invoice(account_id, invoice_id), credit_link=self.credit_link,
        )

    @staticmethod
    def credit_link(row: Any) -> Markup:
        """Return the number of a credit, leading to its story."""
        shown = text.isolated(row.credit_no or f"#{row.credit_id}")
        return cells.link("history.document", shown, kind=row.credit_type,
                          account_id=row.account_id, key=row.credit_id)

    @staticmethod
    def cell(row: Any, name: str) -> Any:
        """Return what a cell of the tables shows."""
        value = getattr(row, name)
        if name == "days_past_due" and not row.is_open:
            value = None
        return cells.html(name, value, row.currency)

    # What can be done

    @expose("/<int:account_id>/<int:invoice_id>/change", methods=["POST"])
    def change(self, account_id: int, invoice_id: int) -> Any:
        """Keep the invoice from automatic allocation or give it back; void it or make it count."""
        change = {
            "block": ("auto_allocate", False), "unblock": ("auto_allocate", True),
            "void": ("status", "void"), "restore": ("status", "active"),
        }.get(request.form.get("what", ""))
        if change is None:
            abort(400)
        invoice = table("doc.invoice")
        try:
            if not rows(_LOCK, {"account_id": account_id, "invoice_id": invoice_id}):
                abort(404)
            if request.form.get("stood") != _document(account_id, invoice_id):
                db.session.rollback()
                flash(stale.sentence(*stale.last_change(
                    ["doc.invoice"], [str(invoice_id)], account_id)), "danger")
                return self._page(account_id, invoice_id), 422
            db.session.execute(
                invoice.update()
                .where(invoice.c.account_id == account_id, invoice.c.invoice_id == invoice_id)
                .values({change[0]: change[1]}))
            db.session.commit()
            flash(gettext("It is done; every figure follows it already."), "success")
        except DBAPIError as error:
            refused = refusal(error)
            flash(str(refused), "danger")
            return self._page(account_id, invoice_id, refused=refused,
                              again=request.form["what"]), 422
        return redirect(url_for(".page", account_id=account_id, invoice_id=invoice_id))

    @expose("/<int:account_id>/<int:invoice_id>/installments", methods=["POST"])
    def installments(self, account_id: int, invoice_id: int) -> Any:
        """Put the installments of the form in the place of those there are, all or none."""
        found = rows(sql("select currency from ref.account where account_id = :account_id"),
                     {"account_id": account_id})
        if not found:
            abort(404)
        days, amounts = request.form.getlist("due_date"), request.form.getlist("amount")
        if len(days) != len(amounts):
            abort(400)
        typed = [(due.strip(), amount.strip()) for due, amount in zip(days, amounts, strict=True)]
        typed = [each for each in typed if any(each)]
        refused = None
        try:
            wanted = [_read(place, each, found[0].currency)
                      for place, each in enumerate(typed, start=1)]
            self._reschedule(account_id, invoice_id, wanted, request.form.get(stale.SEEN, ""))
        except ValueError as problem:
            flash(str(problem), "danger")
        except DBAPIError as error:
            refused = refusal(error)
            flash(str(refused), "danger")
        else:
            flash(ngettext("%(count)s installment is saved.", "%(count)s installments are saved.",
                           len(wanted), count=text.number(len(wanted))) if wanted
                  else gettext("The installments are gone; the invoice is due as a whole."),
                  "success")
            return redirect(url_for(".page", account_id=account_id, invoice_id=invoice_id))
        return self._page(account_id, invoice_id, typed, refused), 422

    @staticmethod
    def _reschedule(account_id: int, invoice_id: int, wanted: list[tuple[date, Decimal]],
                    seen: str) -> None:
        """Write the installments: those of the same number are changed, so their story goes on.

        :raises ValueError: they are not those any more that the form was made from
        """
        key = {"account_id": account_id, "invoice_id": invoice_id}
        rows(_LOCK, key)
        if seen != _mark(rows(_INSTALLMENTS, key)):
            raise ValueError(" ".join((
                stale.sentence(*_last_change(account_id, invoice_id)),
                gettext("The installments stand among the lines above as they are now; save once"
                        " more to replace them."))))
        installment = table("doc.installment")
        mine = (installment.c.account_id == account_id, installment.c.invoice_id == invoice_id)
        there = {row.line_no: row for row in rows(
            select(installment.c.line_no, installment.c.due_date, installment.c.amount)
            .where(*mine))}
        for line_no, (due_date, amount) in enumerate(wanted, start=1):
            values = {"due_date": due_date, "amount": amount}
            if line_no not in there:
                db.session.execute(installment.insert().values(
                    account_id=account_id, invoice_id=invoice_id, line_no=line_no, **values))
            elif (there[line_no].due_date, there[line_no].amount) != (due_date, amount):
                db.session.execute(installment.update().where(
                    *mine, installment.c.line_no == line_no).values(values))
        db.session.execute(installment.delete().where(
            *mine, installment.c.line_no.not_in(range(1, len(wanted) + 1))))
        db.session.commit()


def _last_change(account_id: int, invoice_id: int) -> tuple[str | None, datetime | None]:
    """Return who was the last to write or delete an installment of an invoice, and when."""
    told = (each for each in reversed(stories.of_invoice(account_id, invoice_id))
            if each.kind == "installment")
    return next(((each.changed_by, each.changed_at) for each in told), (None, None))


def _document(account_id: int, invoice_id: int) -> str:
    """Return the mark of an invoice as it stands, whoever wrote it last."""
    invoice = table("doc.invoice")
    return stale.mark(list(map(list, rows(
        select(*(each for each in invoice.c if not each.name.startswith(("created_", "updated_"))))
        .where(invoice.c.account_id == account_id, invoice.c.invoice_id == invoice_id)))))


def _mark(installments: list[Any]) -> str:
    return stale.mark([[row.line_no, row.due_date, row.amount] for row in installments])


def _read(place: int, typed: tuple[str, str], currency: str) -> tuple[date, Decimal]:
    try:
        return text.read_day(typed[0]), text.read_amount(typed[1], currency)
    except ValueError as problem:
        raise ValueError(gettext("Installment %(number)s: %(problem)s", number=text.digits(place),
                                 problem=problem)) from None


def _typed_amount(value: Decimal, currency: str) -> str:
    shown = value / (text.RIALS_IN_A_TOMAN if text.uses_toman(currency) else 1)
    return f"{shown.normalize():,f}"


def screens() -> Iterator[Any]:
    """Return the screen."""
    yield Invoice(name=_("Invoice"), endpoint="invoice", url="/invoice")
