"""The demo book: a believable company that sells on credit, in any size.

The same customers, invoices, seed and last day make the same rows. Each customer's story is told
with random numbers of its own, so it doesn't depend on how the book is cut into chunks; only one
chunk of stories is in memory at a time, and every chunk goes in through COPY, a table at a time,
all in one transaction.

Names, ids and numbers are invented; only the places and the banks are real.
"""

from __future__ import annotations

import sys
from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import accumulate
from operator import attrgetter
from random import Random
from typing import Any, ClassVar, NamedTuple, TypeVar

import click
import psycopg
from psycopg import sql
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from rasid_cli import db, demo_names

CUSTOMERS = 200
INVOICES = 6_000
SEED = 1404
YEARS = 2
CHUNK = 25_000  # invoices whose stories are in memory at a time
BILLION = 1_000_000_000

# Shape of 111,623 published payments on 113,085 invoices (the "Tesorio" set). Only the form is
# taken: what customers on other terms do moves with their terms and habits.
MONTHS_TO_CLEAR = (  # calendar months from an invoice to its clearing, and their shares
    (0, 0.0742), (1, 0.4516), (2, 0.2660), (3, 0.0808), (4, 0.0317), (5, 0.0183), (6, 0.0116),
    (7, 0.0084), (8, 0.0080), (9, 0.0212), (10, 0.0085), (11, 0.0044), (12, 0.0066), (13, 0.0015),
    (14, 0.0012), (15, 0.0009), (16, 0.0006), (17, 0.0005),
)
PAYMENTS_PER_INVOICE = ((1, 0.9419), (2, 0.0548), (3, 0.0026), (4, 0.0006), (5, 0.0002))
PARTIAL_ONLY = 0.022  # invoices paid in part and no more; with the split ones 12 % of payments

MONTH = 30.4
_CLEAR_MONTHS = [months for months, _ in MONTHS_TO_CLEAR]
_CLEAR_CUMULATIVE = list(accumulate(share for _, share in MONTHS_TO_CLEAR))
_PARTS = [parts for parts, _ in PAYMENTS_PER_INVOICE]
_PARTS_CUMULATIVE = list(accumulate(share for _, share in PAYMENTS_PER_INVOICE))

# What a Jalali month sells against a usual one; the first half of Farvardin is apart.
SEASON = (0.75, 1.0, 1.0, 1.0, 0.9, 1.0, 1.1, 1.0, 1.05, 1.1, 1.2, 1.75)
NOWRUZ = 0.2
THURSDAY = 0.5

TERM_SHARES = {
    "CASH": 8, "N30": 27, "N60": 25, "N90": 12, "N120": 3, "H30-60": 10, "I30-60-90": 10,
    "C20-60": 5,
}


class BookNotEmptyError(Exception):
    """The demo book goes into an empty book only."""


class Habit(NamedTuple):
    """How a customer pays.

    `patience` is the power to which the draw from `MONTHS_TO_CLEAR` is raised: over 1 pays sooner
    than most, under 1 later. `bounce` is the share of cheques that bounce, `unpaid` of invoices
    that are never paid. Both ends are given: a habit drifts from the first to the second over the
    book.
    """

    patience: tuple[float, float]
    bounce: tuple[float, float]
    unpaid: tuple[float, float]


HABITS = {
    "prompt": Habit((1.9, 1.9), (0.016, 0.016), (0.004, 0.004)),
    "average": Habit((1.1, 1.1), (0.055, 0.055), (0.015, 0.015)),
    "slow": Habit((0.6, 0.6), (0.09, 0.09), (0.03, 0.03)),
    "late": Habit((0.22, 0.22), (0.13, 0.13), (0.06, 0.06)),
    "deteriorating": Habit((1.6, 0.15), (0.01, 0.30), (0.0, 0.15)),
    "stopped": Habit((1.0, 0.5), (0.05, 0.10), (0.02, 0.02)),
}
HABIT_SHARES = {"prompt": 32, "average": 40, "slow": 18, "late": 10}  # of those left over
DETERIORATING, STOPPED = 0.05, 0.008
BOTH_WAYS, SUPPLIERS, DOLLARS, MANUAL, BY_DUE, GUARANTEED = 0.03, 0.03, 0.02, 0.008, 0.03, 0.07


class Days:
    """The calendar of the book: days are ordinals (`date.toordinal`), as they are cheap."""

    def __init__(self, connection: psycopg.Connection[Any], last: date) -> None:
        self.last = last.toordinal()
        self.first = self.last - 365 * YEARS
        self._base = self.first - 120
        rows = connection.execute(
            """
            select jalali_year, jalali_month, jalali_day, is_working_day, weekday
            from ref.calendar
            where day between %s and %s
            order by day
            """,
            [date.fromordinal(self._base), date.fromordinal(self.last + 600)],
        ).fetchall()
        if len(rows) != self.last + 601 - self._base:
            raise click.BadParameter(f"a book that ends on {last} leaves ref.calendar")
        self._texts = [date.fromordinal(self._base + i).isoformat() for i in range(len(rows))]
        self._years = [row[0] for row in rows]
        self._working = _following(row[3] for row in rows)
        # People write round days on a cheque: the 1st, 5th, 10th, 15th … of a Jalali month.
        self._round = _following(row[2] == 1 or row[2] % 5 == 0 for row in rows)
        weights = (
            0.0 if not working
            else (NOWRUZ if month == 1 and day <= 15 else SEASON[month - 1])
            * (THURSDAY if weekday == 5 else 1.0)
            for _, month, day, working, weekday in rows[self.first - self._base :][
                : self.last - self.first + 1
            ]
        )
        self._sales = list(accumulate(weights))

    def text(self, day: int) -> str:
        """Write the day in ISO form."""
        return self._texts[day - self._base]

    def jalali_year(self, day: int) -> int:
        """Jalali year of the day."""
        return int(self._years[day - self._base])

    def working(self, day: int) -> int:
        """Find the first working day on or after the day."""
        return self._working[day - self._base] + self._base

    def round(self, day: int) -> int:
        """Find the first day on or after the day that one would write on a cheque."""
        return self._round[day - self._base] + self._base

    def sales(self, random: Random, count: int, since: int, until: int) -> list[int]:
        """Draw so many days of sale between two days, by season, in order."""
        low = self._sales[max(since - self.first, 0)]
        high = self._sales[min(until, self.last) - self.first]
        uniform = random.uniform
        # An end that falls on a step of the sums would give a day without trade.
        top = len(self._sales) - 1
        return sorted(
            self.first + min(bisect(self._sales, uniform(low, high) * (1 - 1e-12)), top)
            for _ in range(count)
        )


def _following(marks: Iterable[bool]) -> list[int]:
    """For each position the first marked one at or after it; the last if there is none."""
    marked = list(marks)
    result = [len(marked) - 1] * len(marked)
    for i in range(len(marked) - 1, -1, -1):
        result[i] = i if marked[i] or i == len(marked) - 1 else result[i + 1]
    return result


@dataclass(slots=True, eq=False)
class Account:
    """A row of `ref.account`. Amounts on it are whole numbers of 1/`minor` of its currency."""

    id: int
    party: int
    side: str
    currency: str
    policy: str
    term: str
    credit_limit: int | None
    tolerance_days: int
    risk_days: int
    cheque_grace_days: int

    @property
    def minor(self) -> int:
        """How many of the smallest amounts used make one."""
        return 1 if self.currency == "IRR" else 100

    def money(self, amount: int) -> int | Decimal:
        """Turn an amount into the currency of the account."""
        return amount if self.currency == "IRR" else Decimal(amount).scaleb(-2)


@dataclass(slots=True, eq=False)
class Customer:
    """A party that buys from us, and what sets it apart."""

    index: int
    party: int
    name: str
    region: int
    agency: int
    salespeople: tuple[int, int]
    """At the first and at the last; usually the same."""
    size: float
    invoices: int
    typical: float
    """Median amount of an invoice in rials."""
    habit: str
    cheques: float
    """Share of invoices settled by cheque."""
    is_guaranteed: bool
    accounts: list[Account] = field(default_factory=list)
    payable: Account | None = None


@dataclass(slots=True, eq=False)
class Document:
    """What all rows of `doc` have. `id` and `number` are given when the chunk is written."""

    account: Account
    day: int
    amount: int
    note: str | None = field(default=None, kw_only=True)
    id: int = field(default=0, init=False)
    number: str = field(default="", init=False)

    table: ClassVar[str]
    source: ClassVar[str | None] = None
    """Of documents; what belongs to a document has none."""
    prefix: ClassVar[str] = ""
    columns: ClassVar[tuple[str, ...]]

    def values(self, days: Days) -> tuple[Any, ...]:
        """Give the values of `columns`."""
        raise NotImplementedError


@dataclass(slots=True, eq=False)
class Invoice(Document):
    """A row of `doc.invoice`."""

    kind: str = "invoice"
    due: int | None = None
    term: int | None = None
    customer: Customer | None = None
    salesperson: int | None = None
    auto: bool = True
    status: str = "active"

    table = "invoice"
    source = "erp"
    columns = ("kind", "due_date", "payment_term_id", "salesperson_id", "region_id", "agency_id",
               "auto_allocate", "status", "doc_no", "doc_date", "amount")

    def values(self, days: Days) -> tuple[Any, ...]:
        """Give the values of `columns`."""
        customer = self.customer
        return (self.kind, self.due and days.text(self.due), self.term, self.salesperson,
                customer and customer.region, customer and customer.agency, self.auto,
                self.status, self.number, days.text(self.day), self.account.money(self.amount))


@dataclass(slots=True, eq=False)
class Installment(Document):
    """A row of `doc.installment`; its day is that of the invoice."""

    invoice: Invoice
    line: int
    due: int

    table = "installment"
    columns = ("invoice_id", "line_no", "due_date", "amount")

    def values(self, days: Days) -> tuple[Any, ...]:
        """Give the values of `columns`."""
        return (self.invoice.id, self.line, days.text(self.due), self.account.money(self.amount))


@dataclass(slots=True, eq=False)
class Cheque(Document):
    """A row of `doc.cheque`, and the states it goes through after the row is written."""

    due: int
    sayad: str
    bank: str
    branch: str
    drawer: str
    kind: str = "payment"
    replaces: Cheque | None = None
    auto: bool = True
    status: str = "in_hand"
    status_day: int = 0
    later: list[tuple[str, int]] = field(default_factory=list)

    table = "cheque"
    source = "treasury"
    prefix = "C"
    columns = ("kind", "sayad_id", "serial_no", "bank", "branch", "drawer_name", "due_date",
               "status", "status_date", "cleared_on", "replaces_cheque_id", "auto_allocate",
               "doc_date", "amount")

    def go(self, status: str, day: int) -> None:
        """Enter a state: the first one after `in_hand` is inserted, others are updates."""
        if self.status == "in_hand":
            self.status, self.status_day = status, day
        else:
            self.later.append((status, day))

    def values(self, days: Days) -> tuple[Any, ...]:
        """Give the values of `columns`."""
        status_date = days.text(self.status_day or self.day)
        return (self.kind, self.sayad, self.sayad[-6:], self.bank, self.branch, self.drawer,
                days.text(self.due), self.status, status_date,
                status_date if self.status == "cleared" else None,
                self.replaces and self.replaces.id, self.auto, days.text(self.day),
                self.account.money(self.amount))


@dataclass(slots=True, eq=False)
class Payment(Document):
    """A row of `doc.payment`."""

    method: str = "transfer"
    value_day: int | None = None
    reference: str | None = None
    cheque: Cheque | None = None
    auto: bool = True
    status: str = "approved"

    table = "payment"
    source = "bank"
    prefix = "R"
    columns = ("method", "value_date", "bank_reference", "cheque_id", "auto_allocate", "status",
               "doc_no", "doc_date", "amount")

    def values(self, days: Days) -> tuple[Any, ...]:
        """Give the values of `columns`."""
        return (self.method, self.value_day and days.text(self.value_day), self.reference,
                self.cheque and self.cheque.id, self.auto, self.status, self.number,
                days.text(self.day), self.account.money(self.amount))


@dataclass(slots=True, eq=False)
class CreditNote(Document):
    """A row of `doc.credit_note`."""

    kind: str = "return"
    invoice: Invoice | None = None

    table = "credit_note"
    source = "erp"
    prefix = "N"
    columns = ("kind", "invoice_id", "doc_no", "doc_date", "amount")

    def values(self, days: Days) -> tuple[Any, ...]:
        """Give the values of `columns`."""
        return (self.kind, self.invoice and self.invoice.id, self.number, days.text(self.day),
                self.account.money(self.amount))


@dataclass(slots=True, eq=False)
class Adjustment(Document):
    """A row of `doc.adjustment`."""

    kind: str = "discount"
    invoice: Invoice | None = None

    table = "adjustment"
    source = "desk"
    prefix = "A"
    columns = ("kind", "invoice_id", "doc_no", "doc_date", "amount")

    def values(self, days: Days) -> tuple[Any, ...]:
        """Give the values of `columns`."""
        return (self.kind, self.invoice and self.invoice.id, self.number, days.text(self.day),
                self.account.money(self.amount))


@dataclass(slots=True, eq=False)
class SetOff(Document):
    """A row of `doc.set_off`: one leg."""

    set_off_no: str

    table = "set_off"
    source = "desk"
    prefix = "T"
    columns = ("set_off_no", "doc_date", "amount")

    def values(self, days: Days) -> tuple[Any, ...]:
        """Give the values of `columns`."""
        return (self.set_off_no, days.text(self.day), self.account.money(self.amount))


@dataclass(slots=True, eq=False)
class Pin(Document):
    """A row of `doc.pin`; amount 0: as much as fits."""

    credit: Payment | Cheque | SetOff
    invoice: Invoice

    table = "pin"
    columns = ("payment_id", "cheque_id", "set_off_id", "invoice_id", "amount")

    def values(self, days: Days) -> tuple[Any, ...]:  # noqa: ARG002
        """Give the values of `columns`."""
        credit = self.credit
        return (credit.id if isinstance(credit, Payment) else None,
                credit.id if isinstance(credit, Cheque) else None,
                credit.id if isinstance(credit, SetOff) else None,
                self.invoice.id, self.account.money(self.amount) if self.amount else None)


D = TypeVar("D", bound=Document)

# In the order of their foreign keys.
TABLES: tuple[type[Document], ...] = (
    Invoice, Installment, Cheque, Payment, CreditNote, Adjustment, SetOff, Pin,
)


class Terms(NamedTuple):
    """The payment terms of the book: id and mean days by code."""

    ids: dict[str, int]
    days: dict[str, float]


@dataclass(slots=True, eq=False)
class People:
    """Everybody in the book."""

    customers: list[Customer]
    suppliers: list[Account]
    """Payable accounts of those who only sell to us."""
    terms: Terms


class Story:
    """What happens on one account, up to the last day of the book."""

    def __init__(self, random: Random, days: Days, people: People, customer: Customer,
                 account: Account) -> None:
        self.random = random
        self.days = days
        self.people = people
        self.customer = customer
        self.account = account
        self.habit = HABITS[customer.habit]
        self.stops = (
            days.last - random.randint(150, 300) if customer.habit == "stopped" else days.last + 1
        )
        self.change = random.randint(days.first, days.last)  # of the salesperson
        self.delay = (people.terms.days[account.term] - 30) * 0.8
        self.ahead = 0  # paid but not yet owed; below 0: left over from what was owed
        self.documents: list[Document] = []

    def tell(self, count: int) -> list[Document]:
        """Tell it with so many invoices; documents in no order."""
        random, days, customer = self.random, self.days, self.customer
        since = days.first if random.random() < 0.75 else random.randint(days.first, days.last - 90)
        until = days.last if random.random() < 0.92 else random.randint(since + 60, days.last)
        if customer.habit in ("deteriorating", "stopped"):
            since, until = days.first, days.last - 30
        self.open_book(since)
        batch: list[tuple[Invoice, int]] = []
        target = random.randint(1, 5)
        for day in days.sales(random, count, since, until):
            invoice = self.sell(day)
            if invoice.status == "void":
                continue
            due = self.correct(invoice)
            if not invoice.auto:
                self.argue(invoice)
            elif random.random() < self.drift(self.habit.unpaid, day) or day > self.stops:
                self.give_up(invoice, due)
            elif random.random() < customer.cheques and self.account.currency == "IRR":
                batch.append((invoice, due))
            else:
                self.pay(invoice, due)
            if batch and (len(batch) >= target or day - batch[0][0].day > 35):
                self.pay_by_cheque(batch)
                batch, target = [], random.randint(1, 5)
        if batch:
            self.pay_by_cheque(batch)
        if customer.is_guaranteed and self.account.currency == "IRR":
            self.guarantee(since)
        if customer.payable and self.account.currency == "IRR":
            self.set_off(customer.payable)
        return self.documents

    # What the customer is like.

    def drift(self, ends: tuple[float, float], day: int) -> float:
        """Value of a habit on a day."""
        first, last = ends
        if first == last:
            return first
        share = (day - self.days.first) / (self.days.last - self.days.first)
        return first + (last - first) * share

    def clearing(self, day: int) -> int:
        """Day on which what was invoiced on a day is paid, by habit and terms."""
        draw = self.random.random() ** self.drift(self.habit.patience, day)
        months = _CLEAR_MONTHS[min(bisect(_CLEAR_CUMULATIVE, draw), len(_CLEAR_MONTHS) - 1)]
        return day + max(0, int(MONTH * months + self.delay + self.random.uniform(-13, 13)))

    def chance(self, share: float) -> bool:
        """Whether it happens this time."""
        return self.random.random() < share

    def add(self, document: D) -> D:
        """Put a document into the story."""
        self.documents.append(document)
        return document

    def rounded(self, amount: float, step: int = 10_000) -> int:
        """Amount as it is written, at least one step."""
        if self.account.minor > 1:
            step = 50
        return max(round(amount / step), 1) * step

    def take(self, due: int) -> int:
        """Give what is to be paid of what is due, after what was paid ahead or left over."""
        used = min(self.ahead, due)
        self.ahead -= used
        return due - used

    # Sales.

    def open_book(self, since: int) -> None:
        """Carry over what was owed, or paid ahead, when the book began."""
        days, typical = self.days, self.customer.typical
        if self.account.currency != "IRR":
            return
        day = days.working(days.first)
        if since == days.first and self.chance(0.4):
            opening = self.add(Invoice(
                self.account, day, self.rounded(typical * self.random.uniform(0.5, 4)), "opening",
                due=day + self.random.randint(-20, 60), customer=self.customer,
                salesperson=self.customer.salespeople[0], note="مانده از سال قبل",
            ))
            self.pay(opening, opening.amount)
        elif self.chance(0.06):
            self.ahead += self.add(Payment(
                self.account, day, self.rounded(typical * self.random.uniform(0.1, 0.8)), "opening",
                note="مانده بستانکار از سال قبل",
            )).amount
        if self.chance(0.03):
            paid = days.working(since + self.random.randint(0, 300))
            if paid <= days.last:
                self.ahead += self.receive(
                    paid, self.rounded(typical * self.random.uniform(1, 3), 1_000_000),
                    note="پیش‌پرداخت",
                ).amount

    def sell(self, day: int) -> Invoice:
        """Write an invoice on the usual term, a day of its own or installments."""
        random, account, customer = self.random, self.account, self.customer
        median = customer.typical if account.minor == 1 else customer.typical / 300
        amount = self.rounded(
            random.lognormvariate(0, 0.8) * median, 10_000 if self.chance(0.7) else 1_000
        )
        invoice = self.add(Invoice(
            account, day, amount, term=self.people.terms.ids[account.term], customer=customer,
            salesperson=customer.salespeople[day > self.change],
        ))
        draw = random.random()
        if draw < 0.05:
            invoice.due, invoice.term = day + random.choice((10, 20, 45, 75)), None
        elif draw < 0.09 and amount > 200_000_000:
            self.divide(invoice, random.choice((2, 3, 3, 4, 6)))
        elif draw > 0.996:
            invoice.status, invoice.note = "void", "باطل شد"
        elif draw > 0.989:
            invoice.auto, invoice.note = False, "مورد اختلاف با مشتری"
        return invoice

    def divide(self, invoice: Invoice, count: int) -> None:
        """Make the invoice fall due in monthly installments."""
        share = invoice.amount // count // 1_000 * 1_000
        for line in range(1, count + 1):
            amount = share if line < count else invoice.amount - share * (count - 1)
            self.add(Installment(
                self.account, invoice.day, amount, invoice, line,
                self.days.round(invoice.day + round(MONTH * line)),
            ))

    def correct(self, invoice: Invoice) -> int:
        """Write returns and price corrections; what is to be paid."""
        random, due = self.random, invoice.amount
        draw = random.random()
        if draw < 0.03:
            kind = "return"
            share = 1.0 if self.chance(0.1) else random.uniform(0.03, 0.4)
            day = self.days.working(invoice.day + random.randint(2, 30))
        elif draw < 0.042:
            kind, share = "price", random.uniform(0.01, 0.08)
            day = self.days.working(invoice.day + random.randint(1, 12))
        elif draw < 0.046:
            kind, share = "other", random.uniform(0.005, 0.02)
            day = self.days.working(invoice.day + random.randint(10, 40))
        else:
            return due
        if day > self.days.last:
            return due
        amount = min(self.rounded(due * share), due)
        named = None if kind == "other" else invoice
        self.add(CreditNote(self.account, day, amount, kind, named, note={
            "return": "برگشت از فروش", "price": "اصلاح قیمت", "other": "پاداش هدف فروش",
        }[kind]))
        if kind == "return" and day > invoice.day + 15:
            self.ahead += amount  # the payer hears of it too late and takes it off the next one
            return due
        return due - amount

    def argue(self, invoice: Invoice) -> None:
        """Settle a part of a disputed invoice, by name, sometimes."""
        day = self.days.working(invoice.day + self.random.randint(40, 150))
        if day <= min(self.days.last, self.stops) and self.chance(0.5):
            amount = self.rounded(invoice.amount * self.random.uniform(0.4, 1))
            payment = self.receive(day, min(amount, invoice.amount), note="توافق بر سر اختلاف")
            self.add(Pin(self.account, day, 0, payment, invoice))

    def give_up(self, invoice: Invoice, due: int) -> None:
        """Leave it unpaid; written off when nobody hopes any more."""
        day = self.days.working(invoice.day + self.random.randint(270, 420))
        if invoice.day > self.stops:
            day = self.days.working(invoice.day + self.random.randint(90, 150))
        if due and day <= self.days.last and self.chance(0.25):
            self.add(Adjustment(self.account, day, due, "write_off", invoice,
                                note="مطالبات سوخت‌شده"))

    # Money.

    def pay(self, invoice: Invoice, due: int) -> None:
        """Pay an invoice by transfer, card, slip or cash, in one or more payments."""
        random, days, account = self.random, self.days, self.account
        day = days.working(self.clearing(invoice.day))
        if day > min(days.last, self.stops):
            return
        if day - invoice.day <= 10 and account.term != "CASH" and self.chance(0.35):
            discount = self.rounded(due * random.choice((0.01, 0.02, 0.03)))
            if discount < due:
                self.add(Adjustment(account, day, discount, "discount", invoice,
                                    note="تخفیف تسویه پیش از موعد"))
                due -= discount
        owed = self.take(due)
        parts = _PARTS[min(bisect(_PARTS_CUMULATIVE, random.random()), len(_PARTS) - 1)]
        if parts == 1 and self.chance(PARTIAL_ONLY):
            part = min(self.rounded(owed * random.uniform(0.5, 0.95), 1_000_000), owed)
            if self.chance(0.6):
                self.ahead -= owed - part
            self.settle(invoice, day, part, is_part=True)
            return
        for left in range(parts, 0, -1):
            amount = owed if left == 1 else min(
                self.rounded(owed / left * random.uniform(0.7, 1.3), 1_000_000), owed
            )
            owed -= amount
            if left == 1 and parts == 1 and account.minor == 1 and amount % 10_000:
                rest = amount % 10_000
                if amount > rest and self.chance(0.12):
                    self.add(Adjustment(account, day, rest, "rounding", invoice,
                                        note="گرد کردن"))
                    amount -= rest
            self.settle(invoice, day, amount, is_part=parts > 1)
            day = days.working(day + random.randint(7, 45))
            if day > min(days.last, self.stops):
                return

    def settle(self, invoice: Invoice, day: int, amount: int, *, is_part: bool) -> None:
        """Receive money for an invoice, pinned to it where nothing else would find it."""
        if amount <= 0:
            return
        if is_part:
            note: str | None = "علی‌الحساب"
        elif self.chance(0.2):
            note = "تسویه صورتحساب"
        else:
            note = None
        payment = self.receive(day, amount, note=note)
        if self.account.policy == "manual" or self.chance(0.03):
            payment.auto = not self.chance(0.2)
            self.add(Pin(self.account, day, 0, payment, invoice))

    def receive(self, day: int, amount: int, *, note: str | None = None) -> Payment:
        """Receive money; a deposit slip may still wait, or be refused and paid again."""
        random, days = self.random, self.days
        draw = random.random()
        payment = self.add(Payment(self.account, day, amount, note=note))
        if self.account.currency != "IRR" or draw < 0.62:
            payment.reference = f"{random.randrange(10**11, 10**12)}"
        elif draw < 0.82:
            payment.method = "deposit_slip"
            payment.reference = f"{random.randrange(10**7, 10**8)}"
            if day > days.last - 10 and self.chance(0.75):
                payment.status = "pending"
            elif self.chance(0.02):
                payment.status, payment.note = "rejected", "فیش واریزی تأیید نشد"
                again = days.working(day + random.randint(2, 9))
                if again <= days.last:
                    return self.receive(again, amount, note="جایگزین فیش ردشده")
        elif draw < 0.93 and amount <= 2 * BILLION:
            payment.method = "card"
            payment.value_day = days.working(day + 1)
            payment.reference = f"{random.randrange(10**11, 10**12)}"
        elif amount <= BILLION // 2:
            payment.method = "cash"
        else:
            payment.reference = f"{random.randrange(10**11, 10**12)}"
        if self.chance(0.003):  # paid twice by mistake, and given back
            self.overpay(payment)
        return payment

    def overpay(self, payment: Payment) -> None:
        """Pay the same again and get it back."""
        account, days = self.account, self.days
        again = days.working(payment.day + 1)
        back = days.working(again + self.random.randint(2, 12))
        if back <= days.last:
            self.add(Payment(account, again, payment.amount, note="واریز تکراری",
                             reference=f"{self.random.randrange(10**11, 10**12)}"))
            self.add(Invoice(account, back, payment.amount, "refund", due=back,
                             customer=self.customer,
                             salesperson=self.customer.salespeople[back > self.change],
                             note="عودت واریز تکراری"))

    # Cheques.

    def pay_by_cheque(self, batch: Sequence[tuple[Invoice, int]]) -> None:
        """Hand over a cheque (or some, for much money) for several invoices."""
        random, days, account = self.random, self.days, self.account
        day = days.working(batch[-1][0].day + random.randint(0, 12))
        if day > min(days.last, self.stops):
            return
        total = self.take(sum(due for _, due in batch))
        if total <= 0:
            return
        middle = batch[len(batch) // 2][0].day
        due = min(max(self.clearing(middle) + 15, day + 28), day + 175)
        count = min(1 + total // (3 * BILLION), 4)
        share = total // count // 10_000_000 * 10_000_000
        is_pinned = account.policy == "manual" or self.chance(0.02)
        for left in range(count, 0, -1):
            amount = share if left > 1 else total - share * (count - 1)
            cheque = self.hand_over(day, min(due, day + 178), amount)
            cheque.auto = not (is_pinned and self.chance(0.2))
            if is_pinned:
                for invoice, _ in batch:
                    self.add(Pin(account, day, 0, cheque, invoice))
            due += 30

    def hand_over(self, day: int, due: int, amount: int, replaces: Cheque | None = None) -> Cheque:
        """Hand over a cheque, and tell what becomes of it."""
        random = self.random
        bank = random.choices(_BANKS, cum_weights=_BANKS_CUMULATIVE)[0]
        drawer = self.customer.name
        if self.chance(0.12):  # a cheque of the customer's own customer
            drawer = _person(random)
        cheque = self.add(Cheque(
            self.account, day, amount, self.days.round(due),
            f"{random.randrange(10**15, 10**16)}", bank, random.choice(demo_names.BRANCHES),
            drawer, replaces=replaces,
        ))
        self.follow(cheque)
        return cheque

    def follow(self, cheque: Cheque) -> None:
        """Tell what becomes of a cheque between its hand-over and the last day."""
        random, days = self.random, self.days
        if cheque.day > days.last - 9 and self.chance(0.35):
            cheque.status = "submitted"
            return
        draw = random.random()
        if draw < 0.006:
            self.write_again(cheque)
            return
        if draw < 0.012:
            self.swap(cheque)
            return
        other = None
        if draw > 0.95 and self.people.suppliers and cheque.due - cheque.day > 25:
            other = self.endorse(cheque)
        settled = days.working(cheque.due + (1 if self.chance(0.15) else 0))
        if settled > days.last:
            if not other and settled <= days.last + 6:
                cheque.go("deposited", max(cheque.day, days.last - 2))
            return
        bounces = 0.85 if settled > self.stops else self.drift(self.habit.bounce, settled)
        if not self.chance(bounces):
            for leg in filter(None, (cheque, other)):
                leg.go("cleared", settled)
            return
        for leg in filter(None, (cheque, other)):
            leg.go("bounced", settled)
        if other:
            paid = days.working(settled + random.randint(3, 15))
            if paid <= days.last:
                self.add(Payment(other.account, paid, other.amount, note="بابت چک برگشتی",
                                 reference=f"{random.randrange(10**11, 10**12)}"))
        self.make_good(cheque, settled)

    def write_again(self, cheque: Cheque) -> None:
        """Void a cheque that was entered wrongly and enter it again."""
        day = self.days.working(cheque.day + 1)
        if day > self.days.last:
            return
        cheque.go("void", day)
        cheque.note = "مبلغ اشتباه ثبت شده بود"
        again = self.add(Cheque(
            self.account, day, cheque.amount, cheque.due, cheque.sayad, cheque.bank, cheque.branch,
            cheque.drawer, replaces=cheque.replaces,
        ))
        settled = self.days.working(again.due)
        if settled <= self.days.last:
            again.go("cleared", settled)

    def swap(self, cheque: Cheque) -> None:
        """Give a cheque back before its day, for money."""
        day = self.days.working(max(cheque.day + 3, cheque.due - self.random.randint(3, 20)))
        if day <= self.days.last:
            cheque.go("returned", day)
            self.receive(day, cheque.amount, note="به جای چک عودت‌شده")

    def endorse(self, cheque: Cheque) -> Cheque | None:
        """Spend the cheque on a supplier; the row on the supplier's account."""
        random, days = self.random, self.days
        day = days.working(cheque.day + random.randint(2, 15))
        if day > days.last:
            return None
        supplier = random.choice(self.people.suppliers)
        cheque.go("endorsed", day)
        self.add(Invoice(supplier, max(days.working(day - random.randint(5, 40)), days.first),
                         self.rounded(cheque.amount * random.uniform(1, 1.25)),
                         note="خرید مواد اولیه"))
        return self.add(Cheque(
            supplier, day, cheque.amount, cheque.due, cheque.sayad, cheque.bank, cheque.branch,
            cheque.drawer, note="چک خرج‌شده",
        ))

    def make_good(self, cheque: Cheque, bounced: int) -> None:
        """Tell what follows a bounce: cleared late, replaced, paid in part by the bank, nothing."""
        random, days = self.random, self.days
        if bounced > self.stops:
            return
        if self.chance(0.15):
            fee = self.rounded(cheque.amount * 0.005)
            self.add(Invoice(self.account, bounced, fee, "debit_note", due=bounced,
                             customer=self.customer,
                             salesperson=self.customer.salespeople[bounced > self.change],
                             note="هزینه برگشت چک"))
            self.ahead -= fee
        left = cheque.amount
        if self.chance(0.12):
            part = min(self.rounded(left * random.uniform(0.1, 0.7), 1_000_000), left)
            self.add(Payment(self.account, bounced, part, cheque=cheque,
                             note="پرداخت جزئی چک توسط بانک",
                             reference=f"{random.randrange(10**11, 10**12)}"))
            left -= part
        day = days.working(bounced + random.randint(4, 45))
        draw = random.random()
        if day > days.last or draw > 0.8 or not left:
            return
        if draw < 0.22:
            cheque.go("cleared", day)
        elif draw < 0.4:
            cheque.go("deposited", day)
            again = days.working(day + 1)
            if again <= days.last:
                cheque.go("cleared", again)
        elif draw < 0.68:
            self.hand_over(day, day + random.randint(15, 75), left, replaces=cheque)
            if self.chance(0.8):
                cheque.go("returned", day)
        else:
            self.receive(day, left, note="تسویه چک برگشتی")
            if self.chance(0.8):
                cheque.go("returned", day)

    def guarantee(self, since: int) -> None:
        """Hold a cheque as security."""
        random, days = self.random, self.days
        day = days.working(since + random.randint(0, 20))
        amount = self.rounded(self.customer.typical * random.randint(4, 10), 1_000_000_000)
        cheque = self.add(Cheque(
            self.account, day, amount, days.round(days.last + random.randint(60, 400)),
            f"{random.randrange(10**15, 10**16)}",
            random.choices(_BANKS, cum_weights=_BANKS_CUMULATIVE)[0],
            random.choice(demo_names.BRANCHES), self.customer.name, "guarantee", note="چک ضمانت",
        ))
        back = days.working(day + random.randint(200, 700))
        if back <= days.last and self.chance(0.3):
            cheque.go("returned", back)

    # The other way.

    def set_off(self, payable: Account) -> None:
        """Buy from the customer and set some of it off against what it owes."""
        random, days = self.random, self.days
        for day in days.sales(random, random.randint(6, 14), days.first, days.last):
            bought = self.add(Invoice(
                payable, day, self.rounded(self.customer.typical * random.uniform(0.2, 1.2)),
                note="خرید کالا",
            ))
            on = days.working(day + random.randint(15, 70))
            if on > days.last:
                continue
            if self.chance(0.45):
                number = f"{days.jalali_year(on)}-{self.customer.index:05d}-{on - days.first:03d}"
                ours = self.add(SetOff(self.account, on, bought.amount, number, note="تهاتر"))
                self.add(SetOff(payable, on, bought.amount, number, note="تهاتر"))
                invoices = [
                    d for d in self.documents
                    if isinstance(d, Invoice) and d.account is self.account and d.day <= on
                    and d.kind == "invoice" and d.status == "active"
                ]
                if invoices and self.chance(0.3):
                    self.add(Pin(self.account, on, 0, ours, invoices[-1]))
            else:
                self.add(Payment(payable, on, bought.amount,
                                 reference=f"{random.randrange(10**11, 10**12)}"))


def supply(random: Random, days: Days, account: Account) -> Iterator[Document]:
    """Tell how we buy from a supplier, and pay in a month or two."""
    typical = random.lognormvariate(0, 0.5) * 900_000_000
    for day in days.sales(random, random.randint(20, 40), days.first, days.last):
        amount = max(round(random.lognormvariate(0, 0.6) * typical / 100_000), 1) * 100_000
        yield Invoice(account, day, amount, note="خرید مواد اولیه")
        paid = days.working(day + random.randint(25, 75))
        if paid <= days.last:
            yield Payment(account, paid, amount, reference=f"{random.randrange(10**11, 10**12)}")


def oddities(random: Random, days: Days, people: People) -> Iterator[Document]:
    """Give the controller's list something to show: one of each thing that goes wrong."""
    customers = random.sample(people.customers, min(4, len(people.customers)))
    one, two, three, four = ((customer.accounts[0]) for customer in (customers * 4)[:4])
    day = days.working(days.last - 40)
    amount = 50_000_000
    reference = f"{random.randrange(10**11, 10**12)}"
    for _ in range(2):
        yield Payment(one, day, amount, reference=reference, note="ثبت تکراری")
    yield Payment(two, days.working(days.last + 9), amount, note="تاریخ جلوتر از امروز")
    yield Invoice(three, day, amount, "debit_note", due=day - 20,
                  note="سررسید پیش از تاریخ سند")
    void = Invoice(four, day, amount, "debit_note", due=day, status="void", note="باطل شد")
    yield void
    yield CreditNote(four, day, amount // 10, "price", void, note="اصلاح سند باطل‌شده")
    small = Invoice(one, day, amount // 5, "debit_note", due=day, note="هزینه حمل")
    large = Payment(one, day + 1, amount, note="بیش از مبلغ سند")
    yield from (small, large, Pin(one, day + 1, amount, large, small))

    def cheque(account: Account, sayad: str, due: int) -> Cheque:
        return Cheque(account, day - 60, amount, due, sayad, _BANKS[0], demo_names.BRANCHES[0],
                      _person(random))

    same = f"{random.randrange(10**15, 10**16)}"
    yield cheque(two, same, days.last + 60)
    if three is not two:  # one account refuses it
        yield cheque(three, same, days.last + 60)
    forgotten = cheque(four, f"{random.randrange(10**15, 10**16)}", days.last - 25)
    forgotten.note = "نتیجه وصول ثبت نشده"
    yield forgotten
    if people.suppliers:
        spent = cheque(one, f"{random.randrange(10**15, 10**16)}", day)
        spent.go("endorsed", day - 50)
        spent.go("bounced", day + 1)
        other = cheque(people.suppliers[0], spent.sayad, day)
        other.note = "چک خرج‌شده؛ برگشت آن ثبت نشده"
        yield from (spent, other)


# Reference rows.

_BANKS = [bank for bank, _ in demo_names.BANKS]
_BANKS_CUMULATIVE = list(accumulate(weight for _, weight in demo_names.BANKS))


def _person(random: Random) -> str:
    return f"{random.choice(demo_names.FIRST_NAMES)} {random.choice(demo_names.LAST_NAMES)}"


def national_id(random: Random) -> str:
    """Make up a national id of a person: ten digits, the last a check digit (modulo 11)."""
    digits = f"{random.randint(10, 699):03d}{random.randrange(10**6):06d}"
    rest = sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=True))
    return f"{digits}{rest % 11 if rest % 11 < 2 else 11 - rest % 11}"


def legal_id(random: Random) -> str:
    """Make up a national id of a company: eleven digits, the last a check digit (modulo 11)."""
    digits = f"10{random.randrange(10**8):08d}"
    plus = int(digits[9]) + 2
    weights = (29, 27, 23, 19, 17) * 2
    rest = sum((int(digit) + plus) * weight for digit, weight in zip(digits, weights, strict=True))
    return f"{digits}{rest % 11 % 10}"


def _sizes(random: Random, customers: int, invoices: int) -> tuple[list[float], list[int]]:
    """Sizes of customers, a few large and many small, and the invoices of each."""
    sizes = [min(random.paretovariate(1.16), 40.0) for _ in range(customers)]
    base = 1 if invoices >= 2 * customers else 0
    spread = invoices - base * customers
    total = sum(sizes)
    bounds = [round(spread * upto / total) for upto in accumulate(sizes)]
    counts = [base + high - low for low, high in zip([0, *bounds], bounds, strict=False)]
    return sizes, counts


def _reserve(connection: psycopg.Connection[Any], sequence: str, count: int) -> list[int]:
    row = connection.execute(
        "select coalesce(array_agg(nextval(%s::regclass)), '{}') from generate_series(1, %s)",
        [sequence, count],
    ).fetchone()
    assert row is not None  # noqa: S101
    return list(row[0])


def _copy(connection: psycopg.Connection[Any], table: str, columns: Sequence[str],
          rows: Iterable[Sequence[Any]]) -> None:
    statement = sql.SQL("copy {} ({}) from stdin").format(
        sql.Identifier(*table.split(".")), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _ids(connection: psycopg.Connection[Any], table: str, count: int) -> list[int]:
    return _reserve(connection, f"ref.{table}_{table}_id_seq", count)


def _write_terms(connection: psycopg.Connection[Any]) -> Terms:
    ids = _ids(connection, "payment_term", len(demo_names.PAYMENT_TERMS))
    terms = Terms({}, {})
    lines: list[tuple[int, int, int, str]] = []
    for term_id, (code, _, shares) in zip(ids, demo_names.PAYMENT_TERMS, strict=True):
        terms.ids[code] = term_id
        terms.days[code] = sum(days * float(percent) for days, percent in shares) / 100
        lines += [(term_id, no, days, part) for no, (days, part) in enumerate(shares, start=1)]
    _copy(connection, "ref.payment_term", ("payment_term_id", "code", "name"),
          [(terms.ids[code], code, name) for code, name, _ in demo_names.PAYMENT_TERMS])
    _copy(connection, "ref.payment_term_line", ("payment_term_id", "line_no", "days", "percent"),
          lines)
    return terms


class Place(NamedTuple):
    """Where a customer is and who sells there."""

    region: int
    town: str
    dialling: str
    agency: int
    salespeople: tuple[int, ...]


def _write_places(connection: psycopg.Connection[Any],
                  random: Random) -> tuple[list[Place], list[float]]:
    """Write regions, agencies and salespeople; the towns and their weights in trade."""
    agencies = dict(zip(demo_names.AGENCIES, _ids(connection, "agency", len(demo_names.AGENCIES)),
                        strict=True))
    _copy(connection, "ref.agency", ("agency_id", "code", "name"),
          [(agencies[code], code, name) for code, name in demo_names.AGENCIES.items()])
    # One seller for each agency, then more for the first ones, which sell most.
    codes = [*agencies, *list(agencies)[:4], next(iter(agencies))]
    names = random.sample(demo_names.LAST_NAMES, len(codes))
    sellers: dict[str, list[int]] = defaultdict(list)
    rows: list[Sequence[Any]] = []
    for number, (seller, code) in enumerate(
        zip(_ids(connection, "salesperson", len(codes)), codes, strict=True), start=1
    ):
        sellers[code].append(seller)
        rows.append((seller, f"S{number:02d}",
                     f"{random.choice(demo_names.FIRST_NAMES)} {names[number - 1]}"))
    _copy(connection, "ref.salesperson", ("salesperson_id", "code", "name"), rows)

    towns = sum(len(province.towns) for province in demo_names.PROVINCES)
    ids = iter(_ids(connection, "region", 1 + len(demo_names.PROVINCES) + towns))
    country = next(ids)
    regions: list[Sequence[Any]] = [(country, None, "IR", "ایران", 32.4279, 53.6880)]
    places: list[Place] = []
    weights: list[float] = []
    for province in demo_names.PROVINCES:
        parent, capital = next(ids), province.towns[0]
        regions.append((parent, country, province.code, province.name, capital.latitude,
                        capital.longitude))
        for number, town in enumerate(province.towns, start=1):
            region = next(ids)
            regions.append((region, parent, f"{province.code}-{number}", town.name, town.latitude,
                            town.longitude))
            places.append(Place(region, town.name, province.dialling, agencies[province.agency],
                                tuple(sellers[province.agency])))
            weights.append(province.weight * (0.6 if number == 1 else 0.2))
    _copy(connection, "ref.region",
          ("region_id", "parent_id", "code", "name", "latitude", "longitude"), regions)
    return places, weights


class Card(NamedTuple):
    """Name and numbers of a party."""

    name: str
    national_id: str
    phone: str
    email: str | None


def _card(random: Random, place: Place, code: str, taken: set[str], *, is_firm: bool) -> Card:
    """Make up a party; a name that another party has is made up again, while that helps."""
    for _ in range(20):
        if is_firm:
            name = f"شرکت {random.choice(demo_names.FIRMS)} {random.choice(demo_names.BRANDS)}"
            if random.random() < 0.4:
                name += f" {place.town}"
        else:
            name = f"{random.choice(demo_names.SHOPS)} {random.choice(demo_names.LAST_NAMES)}"
            if random.random() < 0.3:
                name = _person(random)
        if name not in taken:
            break
    taken.add(name)
    if is_firm:
        return Card(name, legal_id(random),
                    f"{place.dialling}{random.randint(3, 8)}{random.randrange(10**7):07d}",
                    f"{code.lower()}@example.com" if random.random() < 0.7 else None)
    prefix = random.choice(("0912", "0913", "0914", "0915", "0917", "0918", "0911", "0935", "0903"))
    return Card(name, national_id(random), f"{prefix}{random.randrange(10**7):07d}", None)


def _write_people(connection: psycopg.Connection[Any], random: Random, customers: int,
                  invoices: int) -> People:
    """Write terms, places, parties and accounts; everybody in the book."""
    terms = _write_terms(connection)
    places, weights = _write_places(connection, random)
    place_sums = list(accumulate(weights))
    sizes, counts = _sizes(random, customers, invoices)

    def some(share: float) -> set[int]:
        count = min(max(round(share * customers), 1), customers)
        return set(random.sample(range(customers), count))

    deteriorating, both_ways, dollars = some(DETERIORATING), some(BOTH_WAYS), some(DOLLARS)
    manual, by_due, guaranteed = some(MANUAL), some(BY_DUE), some(GUARANTEED)
    # One who stops is of some size, or nobody would notice.
    able = [i for i in range(customers) if counts[i] >= 12 and i not in deteriorating]
    stopped = set(random.sample(able, min(max(round(STOPPED * customers), 1), len(able))))
    suppliers = max(round(SUPPLIERS * customers), 3)
    parties = _ids(connection, "party", customers + suppliers)
    accounts = iter(_ids(connection, "account",
                         customers + suppliers + len(both_ways) + len(dollars)))
    taken: set[str] = set()
    party_rows: list[Sequence[Any]] = []
    everybody: list[Customer] = []
    sellers: list[Account] = []

    def account(party: int, side: str, currency: str, policy: str, limit: int | None) -> Account:
        term = random.choices(list(TERM_SHARES), list(TERM_SHARES.values()))[0]
        return Account(next(accounts), party, side, currency, policy, term, limit,
                       random.choice((0, 3, 3, 3, 3, 5, 7)), random.choice((30, 30, 30, 45, 60)),
                       random.choice((7, 7, 7, 3, 10)))

    for index, party in enumerate(parties):
        place = random.choices(places, cum_weights=place_sums)[0]
        is_customer = index < customers
        code = f"C{index + 1:05d}" if is_customer else f"V{index - customers + 1:05d}"
        is_firm = not is_customer or random.random() < min(0.3 + sizes[index] * 0.04, 0.95)
        card = _card(random, place, code, taken, is_firm=is_firm)
        seller = random.choice(place.salespeople)
        before = random.choice(place.salespeople) if random.random() < 0.15 else seller
        party_rows.append((party, code, *card, place.region, place.agency,
                           seller if is_customer else None))
        if not is_customer:
            sellers.append(account(party, "payable", "IRR", "fifo_issue", None))
            continue
        typical = 180_000_000 * sizes[index] ** 0.35 * random.lognormvariate(0, 0.35)
        habit = random.choices(list(HABIT_SHARES), list(HABIT_SHARES.values()))[0]
        if index in deteriorating:
            habit = "deteriorating"
        elif index in stopped:
            habit = "stopped"
        customer = Customer(
            index, party, card.name, place.region, place.agency, (before, seller), sizes[index],
            counts[index], typical, habit,
            random.uniform(0.45, 0.95) if random.random() < 0.78 else 0.04, index in guaranteed,
        )
        monthly = customer.typical * 1.38 * max(counts[index], 1) / (12 * YEARS)
        limit = None
        if random.random() < 0.85:
            limit = max(round(monthly * random.uniform(2.5, 8) / 10**8), 3) * 10**8
        policy = "fifo_issue"
        if index in manual:
            policy = "manual"
        elif index in by_due:
            policy = "fifo_due"
        customer.accounts.append(account(party, "receivable", "IRR", policy, limit))
        if index in dollars:
            customer.accounts.append(account(
                party, "receivable", "USD", "fifo_issue", random.randint(2, 20) * 10_000
            ))
        if index in both_ways:
            customer.payable = account(party, "payable", "IRR", "fifo_issue", None)
        everybody.append(customer)

    _copy(connection, "ref.party",
          ("party_id", "code", "name", "national_id", "phone", "email", "region_id", "agency_id",
           "salesperson_id"), party_rows)
    everywhere = [a for c in everybody for a in (*c.accounts, c.payable) if a] + sellers
    _copy(connection, "ref.account",
          ("account_id", "party_id", "side", "currency", "policy", "payment_term_id",
           "credit_limit", "tolerance_days", "risk_days", "cheque_grace_days"),
          [(a.id, a.party, a.side, a.currency, a.policy, terms.ids[a.term], a.credit_limit,
            a.tolerance_days, a.risk_days, a.cheque_grace_days) for a in everywhere])
    connection.execute("analyze ref.party, ref.account, ref.region, ref.payment_term")
    return People(everybody, sellers, terms)


# Writing.

class Writer:
    """Gives documents their ids and numbers, in order of their days, and writes them."""

    def __init__(self, connection: psycopg.Connection[Any], days: Days) -> None:
        self._connection = connection
        self._days = days
        self._numbers: Counter[tuple[str, int]] = Counter()
        self.rows: Counter[str] = Counter()

    def write(self, documents: list[Document]) -> None:
        """Write a chunk, a COPY for each table, then what happened to its cheques."""
        documents.sort(key=attrgetter("day"))
        ids = _reserve(self._connection, "doc.document_id_seq", len(documents))
        tables: dict[str, list[Document]] = defaultdict(list)
        for document, document_id in zip(documents, ids, strict=True):
            document.id = document_id
            tables[document.table].append(document)
            if document.source:
                year = self._days.jalali_year(document.day)
                self._numbers[document.table, year] += 1
                number = self._numbers[document.table, year]
                document.number = f"{document.prefix}{year}-{number:06d}"
        for kind in TABLES:
            rows = tables[kind.table]
            own = ("source", "external_id") if kind.source else ()
            if rows:
                _copy(self._connection, f"doc.{kind.table}",
                      ("account_id", f"{kind.table}_id", "note", *own, *kind.columns),
                      self._rows(rows))
            self.rows[kind.table] += len(rows)
        self._change([d for d in tables["cheque"] if isinstance(d, Cheque) and d.later])

    def _rows(self, documents: Iterable[Document]) -> Iterator[tuple[Any, ...]]:
        for d in documents:
            own = (d.source, d.number) if d.source else ()
            yield (d.account.id, d.id, d.note, *own, *d.values(self._days))

    def _change(self, cheques: Sequence[Cheque]) -> None:
        """Update the state of cheques: the first change of each, then the second, and so on."""
        for turn in range(max((len(cheque.later) for cheque in cheques), default=0)):
            changed = [cheque for cheque in cheques if len(cheque.later) > turn]
            states = [cheque.later[turn] for cheque in changed]
            self._connection.execute(
                """
                update doc.cheque as c
                set status = s.status,
                    status_date = s.day,
                    cleared_on = case when s.status = 'cleared' then s.day end
                from unnest(%s::bigint[], %s::bigint[], %s::text[], %s::date[])
                  as s (account_id, cheque_id, status, day)
                where c.account_id = s.account_id and c.cheque_id = s.cheque_id
                """,
                [[cheque.account.id for cheque in changed], [cheque.id for cheque in changed],
                 [status for status, _ in states], [self._days.text(day) for _, day in states]],
            )


def _stories(seed: int, days: Days, people: People) -> Iterator[tuple[int, list[Document]]]:
    """Tell all stories: the invoices and the documents of each."""
    def own(name: str) -> Random:
        return Random(f"{seed}/{name}")  # noqa: S311

    for customer in people.customers:
        random = own(f"customer {customer.index}")
        documents: list[Document] = []
        left = customer.invoices
        for account in reversed(customer.accounts):
            count = left // 3 if account.currency != "IRR" else left
            left -= count
            documents += Story(random, days, people, customer, account).tell(count)
        yield customer.invoices, documents
    for number, supplier in enumerate(people.suppliers):
        yield 0, list(supply(own(f"supplier {number}"), days, supplier))
    yield 0, list(oddities(own("oddities"), days, people))


def load(conn_or_dsn: psycopg.Connection[Any] | str, customers: int = CUSTOMERS,
         invoices: int = INVOICES, seed: int = SEED, until: date | None = None) -> Counter[str]:
    """Load a demo book into an empty book, in one transaction; the rows written, by table.

    `invoices` counts the rows of kind invoice on the side of customers. `until` is the last day of
    the book, which is two years long; without it, `calc.today()`. Raises `BookNotEmptyError`.
    """
    if customers < 1 or invoices < 0:
        raise ValueError("a book has a customer or more, and no fewer than 0 invoices")
    opened = (
        psycopg.connect(conn_or_dsn, autocommit=True) if isinstance(conn_or_dsn, str)
        else nullcontext(conn_or_dsn)
    )
    with opened as connection, connection.transaction():
        if is_in_use(connection):
            raise BookNotEmptyError(
                "the book is in use: it has parties, terms or regions of its own\n"
                "hint: load the demo book into an empty database (RASID_DSN, or --data DIR)"
            )
        days = Days(connection, until or _today(connection))
        random = Random(f"{seed}/people")  # noqa: S311
        people = _write_people(connection, random, customers, invoices)
        writer = Writer(connection, days)
        console = Console(stderr=True)
        with Progress(
            TextColumn("demo book"), BarColumn(), MofNCompleteColumn(), TextColumn("invoices"),
            TimeRemainingColumn(), console=console, disable=not console.is_terminal,
            transient=True,
        ) as progress:
            task = progress.add_task("", total=invoices)
            chunk: list[Document] = []
            waiting = 0
            for count, documents in _stories(seed, days, people):
                chunk += documents
                waiting += count
                if waiting >= CHUNK:
                    writer.write(chunk)
                    progress.advance(task, waiting)
                    chunk, waiting = [], 0
            writer.write(chunk)
            progress.advance(task, waiting)
        connection.execute(
            sql.SQL("analyze {}").format(
                sql.SQL(", ").join(sql.Identifier("doc", kind.table) for kind in TABLES)
            )
        )
    return writer.rows


def is_in_use(connection: psycopg.Connection[Any]) -> bool:
    """Whether somebody has entered what the demo book would bring, and so perhaps documents."""
    row = connection.execute(
        """
        select
          exists (select from ref.party)
          or exists (select from ref.payment_term)
          or exists (select from ref.region)
          or exists (select from ref.agency)
          or exists (select from ref.salesperson)
        """
    ).fetchone()
    return row is not None and bool(row[0])


def _today(connection: psycopg.Connection[Any]) -> date:
    row = connection.execute("select calc.today()").fetchone()
    assert row is not None and isinstance(row[0], date)  # noqa: S101
    return row[0]


@click.command("demo")
@click.option("--customers", type=click.IntRange(1, 99_999), default=CUSTOMERS, show_default=True,
              metavar="N", help="How many customers.")
@click.option("--invoices", type=click.IntRange(0), default=INVOICES, show_default=True,
              metavar="M", help="How many invoices they get.")
@click.option("--seed", type=int, default=SEED, show_default=True, metavar="S",
              help="Another seed makes another book.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY",
              help="Last day of the book, Gregorian (default: today).")
def command(customers: int, invoices: int, seed: int, until: datetime | None) -> None:
    """Fill an empty book with two years of an invented company.

    The same options and the same last day make the same book. Exit code 1 if the book is in use.
    """
    with db.connect() as connection:
        try:
            rows = load(connection, customers, invoices, seed, until and until.date())
        except BookNotEmptyError as error:
            click.echo(f"{click.style('error:', fg='red')} {error}", err=True)
            sys.exit(1)
    for table, count in rows.items():
        click.echo(f"{count:>10,}  doc.{table}")
