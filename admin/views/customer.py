"""The card of a customer, everything about one account on one page; and its statement."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from flask import Response, abort, flash, request
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy import text as sql

from admin import cells, export, labels, text
from admin import statement as sheets
from admin.base import Screen
from admin.database import rows, table

OPEN_INVOICES = 100
CHEQUES = 30
RECENT = 10
EVENTS = 25
"""How many of each a card shows; the rest stand in their lists."""

BUCKETS = ("not_due", "d1_30", "d31_60", "d61_90", "d91_120", "over_120")

_SISTERS = sql("""
    select a.account_id, a.side, a.currency, f.balance
    from ref.account as own
    join ref.account as a on a.party_id = own.party_id
    cross join lateral (
      select b.balance from bi.account as b where b.account_id = a.account_id offset 0
    ) as f
    where own.account_id = :account_id
    order by a.side desc, a.currency
""")

_OPEN_KEYS = sql("""
    select invoice_id
    from (
      select l.invoice_id, min(l.due_date) as due_date
      from bi.line as l
      where l.account_id = :account_id and l.is_open
      group by l.invoice_id
    ) as o
    order by due_date, invoice_id
    limit :most
""")

_OPEN_LINES = sql("""
    select invoice_id, line_no, due_date, days_past_due, amount, open_amount, is_overdue, is_risky
    from bi.line
    where account_id = :account_id and is_open and invoice_id = any (:invoice_ids)
    order by invoice_id, due_date, line_no
""")

_OPEN_THEN = sql("""
    select *
    from bi.invoice_as_of(:day)
    where account_id = :account_id and open_amount > 0
    order by due_date, invoice_id
""")

# Each cheque in the state last entered for the day; the present one when no day is asked for.
_CHEQUES = """
    select
      q.cheque_id, q.kind, coalesce(q.serial_no, q.sayad_id) as doc_no, q.bank, q.doc_date,
      q.due_date, q.amount::numeric as amount, s.status, s.status_date, a.currency, a.account_id
    from doc.cheque as q
    join ref.account as a on a.account_id = q.account_id
    cross join lateral (
      select q.status as status, q.status_date::date as status_date
      where cast(:day as date) is null
      union all
      (
        select e.to_status, e.event_date
        from doc.cheque_event as e
        where e.account_id = q.account_id
          and e.cheque_id = q.cheque_id
          and e.event_date <= cast(:day as date)
        order by e.cheque_event_id desc
        limit 1
      )
    ) as s
    where q.account_id = :account_id
      and (cast(:day as date) is null or q.doc_date <= cast(:day as date))
"""

_CHEQUE_STATES = sql(f"""
    select c.status, count(*)::int as cheque_count, sum(c.amount) as amount
    from ({_CHEQUES}) as c
    group by c.status
    order by array_position(
      array['bounced', 'submitted', 'in_hand', 'deposited', 'endorsed', 'cleared', 'returned'],
      c.status)
""")  # noqa: S608

_CHEQUES_AFOOT = sql(f"""
    select c.*
    from ({_CHEQUES}) as c
    where c.status in ('bounced', 'submitted', 'in_hand', 'deposited', 'endorsed')
    order by c.status = 'bounced' desc, c.due_date, c.cheque_id
    limit :most
""")  # noqa: S608

_CREDITS = sql("""
    select *
    from (
      select
        c.*,
        row_number() over (
          partition by case when c.credit_type = 'adjustment' then 'credit_note'
                       else c.credit_type end
          order by c.doc_date desc, c.credit_id desc
        ) as place
      from (
        select account_id, currency, credit_type, credit_id, kind, doc_no, doc_date, value_date,
          amount, status, unapplied_amount, note
        from bi.credit
        where account_id = :account_id and credit_type <> 'cheque'
          and (cast(:day as date) is null or doc_date <= cast(:day as date))
      ) as c
    ) as c
    where place <= :most
    order by place
""")

_EVENTS = sql("""
    select e.*
    from (
      select doc_date::date as day, invoice_id as turn, 'invoice' as document_type,
        invoice_id as document_id, kind, doc_no, amount::numeric as amount, status,
        null as from_status, note
      from doc.invoice where account_id = :account_id
      union all
      select doc_date, payment_id, 'payment', payment_id, method, doc_no, amount, status, null, note
      from doc.payment where account_id = :account_id
      union all
      select doc_date, set_off_id, 'set_off', set_off_id, null, set_off_no, amount, status, null,
        note
      from doc.set_off where account_id = :account_id
      union all
      select doc_date, credit_note_id, 'credit_note', credit_note_id, kind, doc_no, amount, status,
        null, note
      from doc.credit_note where account_id = :account_id
      union all
      select doc_date, adjustment_id, 'adjustment', adjustment_id, kind, doc_no, amount, status,
        null, note
      from doc.adjustment where account_id = :account_id
      union all
      select e.event_date, e.cheque_event_id, 'cheque', q.cheque_id, q.kind,
        coalesce(q.serial_no, q.sayad_id), q.amount, e.to_status, coalesce(e.from_status, ''),
        q.note
      from doc.cheque_event as e
      join doc.cheque as q on q.account_id = e.account_id and q.cheque_id = e.cheque_id
      where e.account_id = :account_id
    ) as e
    where cast(:day as date) is null or e.day <= cast(:day as date)
    order by e.day desc, e.turn desc
    limit :most offset :skipped
""")


class Bucket(NamedTuple):
    """A part of the aging bar: its column, its amount and its share of what is open."""

    name: str
    amount: Any
    share: float


def aging_bar(aging: Any) -> list[Bucket]:
    """Return the buckets that hold something, with how wide each is drawn."""
    whole = aging.open_amount
    return [Bucket(name, value, float(value / whole * 100))
            for name in BUCKETS if (value := getattr(aging, name))] if whole else []


def typed_days(*names: str) -> list[date | None]:
    """Return the days that the address names; one that can't be read is said and left out."""
    found: list[date | None] = []
    for name in names:
        typed = request.args.get(name, "").strip()
        try:
            found.append(text.read_day(typed) if typed else None)
        except ValueError as problem:
            flash(f"{labels.column(name)}: {problem}", "danger")
            found.append(None)
    return found


def account_row(account_id: int, day: date | None = None) -> Any:
    """Return the figures of an account, of now or of the end of a day; 404 if there is none."""
    if day is None:
        account = table("bi.account")
        found = rows(select(account).where(account.c.account_id == account_id))
    else:
        found = rows(sql("select * from bi.account_as_of(:day) where account_id = :account_id"),
                     {"day": day, "account_id": account_id})
    if not found:
        abort(404)
    return found[0]


def event_words(event: Any) -> str:
    """Say what happened: a document, or what became of a cheque."""
    what = str(labels.value("document_type", event.document_type))
    if event.document_type == "cheque" and event.from_status:
        return gettext(
            "%(what)s: %(before)s → %(after)s", what=what,
            before=labels.value("cheque.status", event.from_status),
            after=labels.value("cheque.status", event.status))
    kind = {"payment": "payment.method"}.get(event.document_type, f"{event.document_type}.kind")
    words = str(labels.value(kind, event.kind)) if event.kind else ""
    return f"{what} ({words})" if words and words != what else what


def cell_of(name: str, value: Any, kind: str) -> Markup:
    """Return a single code as its word, in its colour."""
    return cells.html(name, value, None, kind)


class Customer(Screen):
    """The card of a customer: everything about one account on one page."""

    group = ""

    @expose("/")
    def index(self) -> Any:
        """Lead to the list, where a customer is chosen."""
        return self.render("desk/customer_none.html")

    @expose("/<int:account_id>/")
    def card(self, account_id: int) -> Any:
        """Show one account, as it is now or as of the end of a day."""
        day, = typed_days("as_of")
        page = max(request.args.get("events", 0, type=int), 0)
        known = {"account_id": account_id, "day": day}
        account = account_row(account_id, day)
        if day is None:
            aging_view = table("bi.aging")
            aging = rows(select(aging_view).where(aging_view.c.account_id == account_id))[0]
            behaviour_view = table("bi.behaviour")
            behaviour = rows(select(behaviour_view)
                             .where(behaviour_view.c.account_id == account_id))[0]
            invoices, lines = self._open_now(account_id)
        else:
            aging = rows(sql("select * from bi.aging_as_of(:day) where account_id = :account_id"),
                         known)[0]
            behaviour, lines = None, {}
            invoices = rows(_OPEN_THEN, known)
        others = rows(_CREDITS, known | {"most": RECENT})
        events = rows(_EVENTS, known | {"most": EVENTS + 1, "skipped": page * EVENTS})
        return self.render(
            "desk/customer.html", account=account, as_of=day, aging=aging,
            bar=aging_bar(aging), behaviour=behaviour,
            party=self._party(account.party_id), sisters=rows(_SISTERS, known),
            invoices=invoices[:OPEN_INVOICES], more_invoices=len(invoices) > OPEN_INVOICES,
            lines=lines, states=rows(_CHEQUE_STATES, known),
            cheques=rows(_CHEQUES_AFOOT, known | {"most": CHEQUES}),
            payments=[row for row in others if row.credit_type == "payment"],
            set_offs=[row for row in others if row.credit_type == "set_off"],
            notes=[row for row in others if row.credit_type in ("credit_note", "adjustment")],
            events=events[:EVENTS], has_more=len(events) > EVENTS, page=page,
            cell=self.cell, cell_of=cell_of, event_words=event_words, today=self._today(),
        )

    @staticmethod
    def _today() -> date:
        return rows(sql("select calc.today()"))[0][0]

    @staticmethod
    def _party(party_id: int) -> Any:
        party = table("ref.party")
        return rows(select(party).where(party.c.party_id == party_id))[0]

    @staticmethod
    def _open_now(account_id: int) -> tuple[list[Any], dict[int, list[Any]]]:
        """Return the open invoices, earliest due first, and the open lines of each."""
        keys = [row.invoice_id for row in rows(
            _OPEN_KEYS, {"account_id": account_id, "most": OPEN_INVOICES + 1})]
        if not keys:
            return [], {}
        invoice = table("bi.invoice")
        found = {row.invoice_id: row for row in rows(select(invoice).where(
            invoice.c.account_id == account_id, invoice.c.invoice_id.in_(keys)))}
        lines: dict[int, list[Any]] = {}
        for line in rows(_OPEN_LINES, {"account_id": account_id, "invoice_ids": keys}):
            lines.setdefault(line.invoice_id, []).append(line)
        return [found[key] for key in keys], lines

    @staticmethod
    def cell(row: Any, name: str) -> Any:
        """Return what a cell of the card's tables shows."""
        value = getattr(row, name)
        if name == "doc_no":
            if hasattr(row, "invoice_id"):
                return cells.invoice(row)
            type_, key = (("cheque", row.cheque_id) if hasattr(row, "cheque_id")
                          else (row.credit_type, row.credit_id))
            return cells.link("history.document", text.isolated(value or f"#{key}"), kind=type_,
                              account_id=row.account_id, key=key)
        if hasattr(row, "invoice_id"):
            kind = {"kind": "invoice.kind", "status": "invoice.status",
                    "timing": "timing"}.get(name)
        elif hasattr(row, "cheque_id"):
            kind = {"status": "cheque.status", "kind": "cheque.kind"}.get(name)
        else:
            kind = {
                "credit_type": "credit_type", "status": f"{row.credit_type}.status",
                "kind": "payment.method" if row.credit_type == "payment"
                else f"{row.credit_type}.kind",
            }.get(name)
        return cells.html(name, value, row.currency, kind)

    # The statement

    @expose("/<int:account_id>/statement/")
    def statement(self, account_id: int) -> Any:
        """Show the statement between two days."""
        made = self._statement(account_id)
        return self.render(
            "desk/statement.html", made=made, account=made.account, cell=self.cell,
            words=sheets.words, note=sheets.note, arguments=sheets.arguments(made))

    @expose("/<int:account_id>/statement.xlsx")
    @export.in_turn
    def statement_xlsx(self, account_id: int) -> Response:
        """Return the statement as an Excel file, amounts in the currency's own unit."""
        return sheets.workbook(self._statement(account_id))

    @expose("/<int:account_id>/statement.pdf")
    @export.in_turn
    def statement_pdf(self, account_id: int) -> Response:
        """Return the statement as a PDF, as the reader's settings have it."""
        return sheets.pdf(self._statement(account_id))

    @staticmethod
    def _statement(account_id: int) -> sheets.Statement:
        first, last = typed_days("from", "to")
        if first and last and first > last:
            flash(gettext("The first day is after the last; they were exchanged."), "warning")
            first, last = last, first
        return sheets.make(account_id, first, last)


def screens() -> Iterator[Any]:
    """Return the screen."""
    yield Customer(name=_("Customer"), endpoint="customer", url="/customer")
