"""The statement of an account between two days: on screen, as an Excel file, and on paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import jdatetime
from flask import Response, abort, send_file
from flask_babel import gettext
from flask_login import current_user
from fpdf import FPDF
from fpdf.enums import XPos, YPos
from sqlalchemy import text as sql

from admin import export, labels, text
from admin.database import rows
from admin.i18n import language

FONTS = Path(__file__).parent / "node_modules" / "vazirmatn" / "fonts" / "ttf"

ROW, SMALLEST = 6.2, 5.5
"""Height of a row on paper in millimetres, and the least size of its letters in points."""

_ACCOUNT = sql("""
    select a.account_id, p.code as party_code, p.name as party_name, a.side, a.currency,
      calc.today() as today
    from ref.account as a
    join ref.party as p on p.party_id = a.party_id
    where a.account_id = :account_id
""")

_MOVEMENTS = sql("select * from bi.statement(:account_id, :first, :last) order by row_no")

_OPEN = sql("""
    select account_id, currency, invoice_id, kind, doc_no, doc_date, due_date, amount, open_amount,
      overdue_amount, status
    from bi.invoice_as_of(:last)
    where account_id = :account_id and open_amount > 0
    order by due_date, invoice_id
""")

_LATER = sql("""
    select balance from bi.account where account_id = :account_id
""")


@dataclass(frozen=True)
class Statement:
    """A statement: whose, of which days, its movements, and the invoices open at its end.

    `movements` are the rows of `bi.statement` after the first, whose balance is `opening`;
    `later` is the balance with what is dated after today, if a statement up to today leaves any.
    """

    account: Any
    first: date
    last: date
    opening: Decimal
    closing: Decimal
    debit: Decimal
    credit: Decimal
    movements: list[Any]
    invoices: list[Any]
    later: Decimal | None


def year_start(day: date) -> date:
    """Return the first day of the year of a day, in the reader's calendar."""
    if getattr(current_user, "calendar", "jalali") == "jalali":
        year = jdatetime.date.fromgregorian(date=day).year
        return jdatetime.date(year, 1, 1).togregorian()
    return day.replace(month=1, day=1)


def make(account_id: int, first: date | None, last: date | None) -> Statement:
    """Read a statement; without days, of the present year up to today. 404: no such account."""
    found = rows(_ACCOUNT, {"account_id": account_id})
    if not found:
        abort(404)
    account = found[0]
    last = last or max(account.today, first or account.today)
    first = first or year_start(last)
    opening, *movements = rows(
        _MOVEMENTS, {"account_id": account_id, "first": first, "last": last})
    closing = movements[-1].balance if movements else opening.balance
    later = None
    if last == account.today:
        balance = rows(_LATER, {"account_id": account_id})[0].balance
        later = balance if balance != closing else None
    return Statement(
        account, first, last, opening.balance, closing,
        _sum(movements, "debit_amount"),
        _sum(movements, "credit_amount"),
        movements, rows(_OPEN, {"account_id": account_id, "last": last}), later,
    )


def _sum(movements: list[Any], name: str) -> Decimal:
    return sum((getattr(row, name) or Decimal(0) for row in movements), Decimal(0))


def arguments(made: Statement) -> dict[str, str]:
    """Return the days of a statement as they stand in an address."""
    return {"from": text.typed_day(made.first), "to": text.typed_day(made.last)}


def words(row: Any, side: str) -> str:
    """Say what a movement is: the document, and what became of a cheque."""
    if row.document_type == "cheque":
        is_given = row.event == "received" and side == "payable"
        return str(labels.value("statement.event", "given" if is_given else row.event))
    kind = "payment.method" if row.document_type == "payment" else f"{row.document_type}.kind"
    what = str(labels.value("document_type", row.document_type))
    more = str(labels.value(kind, row.kind)) if row.kind else ""
    return f"{what} ({more})" if more and more != what else what


def note() -> str:
    """Say what the statement counts."""
    return gettext(
        "Documents that count, on their days. A cheque counts from the day it was received, before"
        " it clears; on the day it bounces or is handed back its amount returns to the balance, and"
        " counts again if it is presented again.")


def side_words(balance: Decimal, side: str) -> str:
    """Say who owes a balance: debtor or creditor, as the account's side has it."""
    if balance == 0:
        return ""
    is_debtor = (balance > 0) == (side == "receivable")
    return gettext("debtor") if is_debtor else gettext("creditor")


def workbook(made: Statement) -> Response:
    """Return the statement as an Excel file: the movements, and the open invoices."""
    names = ("day", "document", "doc_no", "due_date", "note", "debit_amount", "credit_amount",
             "balance")
    header = [str(labels.column(name)) for name in names]
    blank = [None] * 5
    body = [
        [export.value("day", made.first), gettext("Opening balance"), *blank, made.opening],
        *([export.value("day", row.day), words(row, made.account.side),
           export.value("doc_no", row.doc_no),
           export.value("due_date", row.due_date), export.value("note", row.note),
           row.debit_amount, row.credit_amount, row.balance] for row in made.movements),
        [export.value("day", made.last), gettext("Closing balance"), *blank[:3], made.debit,
         made.credit, made.closing],
    ]
    kinds = {"kind": "invoice.kind", "status": "invoice.status"}
    columns = ("doc_no", "kind", "doc_date", "due_date", "amount", "open_amount", "overdue_amount")
    invoices = [[export.value(name, getattr(row, name), kinds.get(name)) for name in columns]
                for row in made.invoices]
    return export.workbook(f"statement-{made.account.party_code}", [
        (gettext("Statement of account"), header, body),
        (gettext("Open invoices"), [str(labels.column(name)) for name in columns], invoices),
    ])


class _Paper(FPDF):
    """Sheets with the heading of a statement and the number of each page."""

    def __init__(self, made: Statement) -> None:
        super().__init__(format="A4")
        self.made = made
        self.is_rtl = language() == "fa"
        self.set_title(gettext("Statement of account"))
        self.set_creator("Rasid")
        self.add_font("Vazirmatn", "", FONTS / "Vazirmatn-Regular.ttf")
        self.add_font("Vazirmatn", "B", FONTS / "Vazirmatn-Bold.ttf")
        self.set_font("Vazirmatn", size=9)
        # Without a direction each text finds its own, by its first letter.
        self.set_text_shaping(use_shaping_engine=True)
        self.set_margins(12, 12)
        self.set_auto_page_break(auto=True, margin=16)
        self.start = "R" if self.is_rtl else "L"

    def header(self) -> None:
        """Write whose statement it is, of which days."""
        account = self.made.account
        self.set_font("Vazirmatn", "B", 14)
        self.cell(0, 9, gettext("Statement of account"), align="C", new_x=XPos.LMARGIN,
                  new_y=YPos.NEXT)
        self.set_font("Vazirmatn", "", 9)
        pairs = (
            (f"{account.party_name}", gettext("From %(first)s to %(last)s",
                                        first=text.day(self.made.first),
                                        last=text.day(self.made.last))),
            (gettext("Customer code: %(code)s", code=account.party_code),
             gettext("Amounts in %(unit)s", unit=text.unit(account.currency))),
        )
        for start, end in pairs:
            beside = [(0.7, start), (0.3, end)]
            for (share, words), align in zip(
                    beside[::-1] if self.is_rtl else beside, "LR", strict=True):
                self.fitted(self.epw * share, 6, words, align)
            self.ln(6)
        self.ln(2)

    def number_pages(self) -> None:
        """Write the number of each page, once it is known how many there are."""
        self.set_auto_page_break(auto=False)
        self.set_font("Vazirmatn", "", 8)
        pages = self.page_no()
        for number in range(1, pages + 1):
            self.page = number
            self.set_y(-12)
            self.cell(0, 6, gettext("Page %(page)s of %(pages)s", page=text.digits(number),
                                    pages=text.digits(pages)), align="C")

    def fitted(self, width: float, height: float, words: str, align: str, **more: Any) -> None:
        """Write a text on one line of a cell, smaller where it would not fit, and at last cut.

        What holds no letters stands as it is; only letters are joined, and ordered with the rest.
        """
        self.set_text_shaping(use_shaping_engine=any(map(str.isalpha, words)))
        size = self.font_size_pt
        while self.font_size_pt > SMALLEST and self.get_string_width(words) > width - 2:
            self.set_font_size(self.font_size_pt - 0.5)
        while len(words) > 1 and self.get_string_width(words) > width - 2:
            words = words[:-2] + "…"
        self.cell(width, height, words, align=align, **more)
        self.set_font_size(size)
        self.set_text_shaping(use_shaping_engine=True)

    def grid(self, header: list[str], body: list[list[str]], widths: list[float],
             numbers: set[int], strong: set[int]) -> None:
        """Write a table whose columns run in the direction of the page, its head on every page."""
        order = range(len(header))[::-1] if self.is_rtl else range(len(header))
        scale = self.epw / sum(widths)

        def line(words: list[str], *, is_bold: bool, is_filled: bool = False) -> None:
            self.set_font("Vazirmatn", "B" if is_bold else "", 8.5)
            for index in order:
                self.fitted(widths[index] * scale, ROW, words[index],
                            "R" if index in numbers else self.start, border="B", fill=is_filled)
            self.ln(ROW)

        self.set_draw_color(190)
        self.set_fill_color(232, 238, 240)
        line(header, is_bold=True, is_filled=True)
        for place, words in enumerate(body):
            if self.will_page_break(ROW):
                self.add_page()
                line(header, is_bold=True, is_filled=True)
            line(words, is_bold=place in strong)


def pdf(made: Statement) -> Response:
    """Return the statement as a PDF in the reader's language, calendar and unit."""
    paper = _Paper(made)
    paper.add_page()
    currency = made.account.currency

    def money(value: Decimal | None) -> str:
        return "" if value is None else text.amount(value, currency)

    header = [str(labels.column(name)) for name in (
        "day", "document", "doc_no", "due_date", "debit_amount", "credit_amount", "balance")]
    body = [
        [text.day(made.first), gettext("Opening balance"), "", "", "", "", money(made.opening)],
        *([text.day(row.day), words(row, made.account.side), text.digits(row.doc_no or ""),
           text.day(row.due_date) if row.due_date else "", money(row.debit_amount),
           money(row.credit_amount), money(row.balance)] for row in made.movements),
        [text.day(made.last), gettext("Closing balance"), "", "", money(made.debit),
         money(made.credit), money(made.closing)],
    ]
    paper.grid(header, body, [19, 38, 26, 19, 28, 28, 30], {4, 5, 6}, {0, len(body) - 1})
    paper.ln(2)
    paper.set_font("Vazirmatn", "B", 10)
    paper.multi_cell(0, 6, _closing_words(made), align=paper.start, new_x=XPos.LMARGIN,
                     new_y=YPos.NEXT)
    paper.set_font("Vazirmatn", "", 8)
    paper.multi_cell(0, 5, note(), align=paper.start, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    if made.invoices:
        paper.ln(3)
        paper.set_font("Vazirmatn", "B", 11)
        paper.cell(0, 8, gettext("Open invoices"), align=paper.start, new_x=XPos.LMARGIN,
                   new_y=YPos.NEXT)
        paper.set_font("Vazirmatn", "", 9)
        paper.grid(
            [str(labels.column(name)) for name in (
                "doc_no", "kind", "doc_date", "due_date", "amount", "open_amount",
                "overdue_amount")],
            [[text.digits(row.doc_no or f"#{row.invoice_id}"),
              str(labels.value("invoice.kind", row.kind)), text.day(row.doc_date),
              text.day(row.due_date), money(row.amount), money(row.open_amount),
              money(row.overdue_amount)] for row in made.invoices],
            [28, 26, 20, 20, 31, 31, 31], {4, 5, 6}, set())
    paper.number_pages()
    return send_file(
        BytesIO(bytes(paper.output())), mimetype="application/pdf",
        download_name=f"statement-{made.account.party_code}.pdf", as_attachment=False)


def _closing_words(made: Statement) -> str:
    account = made.account
    return gettext(
        "Balance at the end of %(day)s: %(amount)s %(unit)s %(side)s", day=text.day(made.last),
        amount=text.amount(abs(made.closing), account.currency), unit=text.unit(account.currency),
        side=side_words(made.closing, account.side)).strip()
