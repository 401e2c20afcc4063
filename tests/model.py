"""The book, again, in plain Python: DESIGN.md sections 4, 5 and 6, sentence by sentence.

It is naive on purpose. It knows nothing of the database, keeps nothing between two calls and is
exact (Decimal for money, Fraction for means), so that it can be checked against the text by eye
and the database against it by machine.

Everything here is about one account: allocation never crosses accounts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor

ZERO = Decimal(0)


# ---------------------------------------------------------------------------------- documents


@dataclass(frozen=True)
class Account:
    """One party, on one side, in one currency. `unit` is the smallest amount of the currency."""

    account_id: int
    side: str = "receivable"
    currency: str = "IRR"
    unit: Decimal = Decimal(1)
    policy: str = "fifo_issue"
    credit_limit: Decimal | None = None
    tolerance_days: int = 3
    risk_days: int = 30
    cheque_grace_days: int = 7


@dataclass(frozen=True)
class TermLine:
    """One share of a payment term: `percent` falls due `days` after the invoice."""

    line_no: int
    days: int
    percent: Decimal


@dataclass(frozen=True)
class Installment:
    """One dated part of the commitment of an invoice."""

    line_no: int
    due_date: date
    amount: Decimal


@dataclass(frozen=True)
class Invoice:
    """Raises what is owed. `installments` and `term` are those it has itself."""

    invoice_id: int
    doc_date: date
    amount: Decimal
    due_date: date | None = None
    kind: str = "invoice"
    auto_allocate: bool = True
    status: str = "active"
    installments: tuple[Installment, ...] = ()
    term: tuple[TermLine, ...] = ()


@dataclass(frozen=True)
class Payment:
    """Money received other than by cheque, or a part the bank paid of `cheque_id`."""

    payment_id: int
    doc_date: date
    amount: Decimal
    value_date: date | None = None
    cheque_id: int | None = None
    auto_allocate: bool = True
    status: str = "approved"


@dataclass(frozen=True)
class ChequeEvent:
    """A change of status. `event_id` tells the order of entry, `event_date` the day it is for.

    `cleared_on` is the cheque's own while it was in that state.
    """

    event_id: int
    to_status: str
    event_date: date
    cleared_on: date | None = None


@dataclass(frozen=True)
class Cheque:
    """A cheque and every change of its status."""

    cheque_id: int
    doc_date: date
    due_date: date
    amount: Decimal
    kind: str = "payment"
    status: str = "in_hand"
    cleared_on: date | None = None
    auto_allocate: bool = True
    events: tuple[ChequeEvent, ...] = ()


@dataclass(frozen=True)
class CreditNote:
    """Lowers the debt without money."""

    credit_note_id: int
    doc_date: date
    amount: Decimal
    kind: str = "return"
    invoice_id: int | None = None
    status: str = "active"


@dataclass(frozen=True)
class Adjustment:
    """Lowers the debt without money."""

    adjustment_id: int
    doc_date: date
    amount: Decimal
    kind: str = "discount"
    invoice_id: int | None = None
    status: str = "active"


@dataclass(frozen=True)
class SetOff:
    """The leg of a set-off that is on the account."""

    set_off_id: int
    doc_date: date
    amount: Decimal
    status: str = "active"


@dataclass(frozen=True)
class Pin:
    """Instruction: the credit belongs to the invoice. `amount` None: as much as fits."""

    pin_id: int
    credit_type: str
    credit_id: int
    invoice_id: int
    amount: Decimal | None = None


@dataclass(frozen=True)
class Documents:
    """Everything written on one account, counted or not."""

    account: Account
    invoices: tuple[Invoice, ...] = ()
    payments: tuple[Payment, ...] = ()
    cheques: tuple[Cheque, ...] = ()
    credit_notes: tuple[CreditNote, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    set_offs: tuple[SetOff, ...] = ()
    pins: tuple[Pin, ...] = ()


# --------------------------------------------------------------------- lines of an invoice (4)


@dataclass(frozen=True)
class Line:
    """The thing that is settled."""

    invoice_id: int
    line_no: int
    due_date: date
    amount: Decimal


def rounded_to(amount: Fraction, unit: Decimal) -> Decimal:
    """`amount` (never negative) to the nearest multiple of `unit`, a half up."""
    return Decimal(floor(amount / Fraction(unit) + Fraction(1, 2))) * unit


def lines_of(invoice: Invoice, unit: Decimal) -> list[Line]:
    """Return the lines of an invoice, in order `(due_date, line_no)`.

    Installments that do not add up (yet) are as none.
    """

    def line(line_no: int, due_date: date, amount: Decimal) -> Line:
        return Line(invoice.invoice_id, line_no, due_date, amount)

    installments = invoice.installments
    if installments and sum(i.amount for i in installments) == invoice.amount:
        lines = [line(i.line_no, i.due_date, i.amount) for i in installments]
    elif invoice.due_date is not None:
        lines = [line(0, invoice.due_date, invoice.amount)]
    elif invoice.term:
        lines = [
            line(k, invoice.doc_date + timedelta(days=days), share)
            for k, days, share in shares(invoice.amount, invoice.term, unit)
            if share > 0
        ]
    else:
        lines = [line(0, invoice.doc_date, invoice.amount)]
    return sorted(lines, key=lambda x: (x.due_date, x.line_no))


def shares(
    amount: Decimal, term: tuple[TermLine, ...], unit: Decimal
) -> list[tuple[int, int, Decimal]]:
    """`(k, days, share)` of each line of a payment term, empty shares included.

    The text does not say what an amount smaller than its unit does (0.90 of a unit of 1: the first
    60 % round to 1). Here the shares before it never go over the amount.
    """
    result = []
    given = ZERO
    percent_so_far = ZERO
    ordered = sorted(term, key=lambda t: t.line_no)
    for k, part in enumerate(ordered, start=1):
        percent_so_far += part.percent
        if k == len(ordered):
            upto = amount
        else:
            upto = min(rounded_to(Fraction(amount) * Fraction(percent_so_far) / 100, unit), amount)
        result.append((k, part.days, upto - given))
        given = upto
    return result


# ------------------------------------------------------------------ credits: what counts (5, 6)

COUNTED_CHEQUE = ("in_hand", "deposited", "endorsed", "cleared")
MONEY = ("payment", "cheque", "set_off")


@dataclass(frozen=True)
class Credit:
    """Any document that lowers what is owed.

    amount:   as written on the document
    counts:   how much of it counts (0 if it does not)
    names:    the counted invoice that a note or adjustment names
    """

    credit_type: str
    credit_id: int
    kind: str
    doc_date: date
    amount: Decimal
    is_counted: bool
    counts: Decimal
    value_date: date | None
    is_cleared: bool
    auto_allocate: bool
    names: int | None

    @property
    def is_money(self) -> bool:
        """A payment, a cheque or a set-off."""
        return self.credit_type in MONEY

    @property
    def is_named_return(self) -> bool:
        """A return that names a counted invoice."""
        return (
            self.credit_type == "credit_note" and self.kind == "return" and self.names is not None
        )

    @property
    def is_told(self) -> bool:
        """An adjustment, a `price` or an `other` credit note that names a counted invoice."""
        return self.names is not None and not self.is_named_return


def bank_paid(docs: Documents, cheque: Cheque) -> Decimal:
    """Add up the approved parts the bank paid of a cheque."""
    parts = (
        p.amount
        for p in docs.payments
        if p.cheque_id == cheque.cheque_id and p.status == "approved"
    )
    return sum(parts, ZERO)


def cheque_value_date(cheque: Cheque, grace_days: int) -> date:
    day = max(cheque.due_date, cheque.doc_date)
    if cheque.cleared_on is not None and (
        cheque.cleared_on < day or cheque.cleared_on > day + timedelta(days=grace_days)
    ):
        return cheque.cleared_on
    return day


def counted_invoices(docs: Documents) -> list[Invoice]:
    return [i for i in docs.invoices if i.status == "active"]


def credits_of(docs: Documents) -> list[Credit]:
    """Every credit document of the account, the uncounted ones too."""
    counted_ids = {i.invoice_id for i in counted_invoices(docs)}
    result = []

    def add(
        credit_type: str,
        credit_id: int,
        doc_date: date,
        amount: Decimal,
        is_counted: bool,
        *,
        kind: str = "",
        counts: Decimal | None = None,
        value_date: date | None = None,
        is_cleared: bool = False,
        auto_allocate: bool = True,
        invoice_id: int | None = None,
    ) -> None:
        result.append(
            Credit(
                credit_type=credit_type,
                credit_id=credit_id,
                kind=kind,
                doc_date=doc_date,
                amount=amount,
                is_counted=is_counted,
                counts=(amount if counts is None else counts) if is_counted else ZERO,
                value_date=value_date,
                is_cleared=is_cleared,
                auto_allocate=auto_allocate,
                names=invoice_id if invoice_id in counted_ids else None,
            )
        )

    for p in docs.payments:
        add(
            "payment", p.payment_id, p.doc_date, p.amount, p.status == "approved",
            value_date=p.value_date or p.doc_date,
            is_cleared=True, auto_allocate=p.auto_allocate,
        )  # fmt: skip
    for c in docs.cheques:
        add(
            "cheque", c.cheque_id, c.doc_date, c.amount,
            c.kind == "payment" and c.status in COUNTED_CHEQUE,
            kind=c.kind, counts=max(c.amount - bank_paid(docs, c), ZERO),
            value_date=cheque_value_date(c, docs.account.cheque_grace_days),
            is_cleared=c.status == "cleared", auto_allocate=c.auto_allocate,
        )  # fmt: skip
    for s in docs.set_offs:
        add(
            "set_off", s.set_off_id, s.doc_date, s.amount, s.status == "active",
            value_date=s.doc_date, is_cleared=True,
        )  # fmt: skip
    for n in docs.credit_notes:
        add(
            "credit_note", n.credit_note_id, n.doc_date, n.amount, n.status == "active",
            kind=n.kind, invoice_id=n.invoice_id,
        )  # fmt: skip
    for a in docs.adjustments:
        add(
            "adjustment", a.adjustment_id, a.doc_date, a.amount, a.status == "active",
            kind=a.kind, invoice_id=a.invoice_id,
        )  # fmt: skip
    return result


# -------------------------------------------------------------------------------- allocation (5)


@dataclass(frozen=True)
class Allocation:
    """So much of this credit settles so much of that line."""

    invoice_id: int
    line_no: int
    credit_type: str
    credit_id: int
    amount: Decimal
    reason: str
    pin_id: int | None
    effective_date: date


def allocate(docs: Documents) -> list[Allocation]:
    """Stage 1 and stage 2, over the whole account, from nothing."""
    account = docs.account
    invoices = {i.invoice_id: i for i in counted_invoices(docs)}
    lines = {i.invoice_id: lines_of(i, account.unit) for i in invoices.values()}
    credit_list = [c for c in credits_of(docs) if c.is_counted]
    line_left = {(x.invoice_id, x.line_no): x.amount for some in lines.values() for x in some}
    credit_left = {(c.credit_type, c.credit_id): c.counts for c in credit_list}
    allocations: list[Allocation] = []

    def give(
        credit: Credit,
        line: Line,
        reason: str,
        at_most: Decimal | None = None,
        pin_id: int | None = None,
    ) -> Decimal:
        credit_key = (credit.credit_type, credit.credit_id)
        line_key = (line.invoice_id, line.line_no)
        amount = min(credit_left[credit_key], line_left[line_key])
        if at_most is not None:
            amount = min(amount, at_most)
        if amount > 0:
            credit_left[credit_key] -= amount
            line_left[line_key] -= amount
            effective_date = max(invoices[line.invoice_id].doc_date, credit.doc_date)
            allocations.append(
                Allocation(*line_key, *credit_key, amount, reason, pin_id, effective_date)
            )
        return amount

    # Stage 1, told: first the adjustments and the price and other credit notes ...
    told = [c for c in credit_list if c.is_told]
    for credit in sorted(told, key=lambda c: (c.doc_date, c.credit_id)):
        assert credit.names is not None
        for line in lines[credit.names]:
            give(credit, line, "linked")

    # ... then each pin in order of pin_id.
    by_key = {(c.credit_type, c.credit_id): c for c in credit_list}
    for pin in sorted(docs.pins, key=lambda p: p.pin_id):
        pinned = by_key.get((pin.credit_type, pin.credit_id))
        if pinned is None or pin.invoice_id not in invoices:
            continue
        may_give = pin.amount
        for line in lines[pin.invoice_id]:
            given = give(pinned, line, "pin", may_give, pin.pin_id)
            if may_give is not None:
                may_give -= given

    # Stage 2, in turn.
    def turn_date(credit: Credit) -> date:
        if credit.is_named_return:
            assert credit.names is not None
            return max(credit.doc_date, invoices[credit.names].doc_date)
        return credit.doc_date

    def policy_order(line: Line) -> tuple[object, ...]:
        issued = invoices[line.invoice_id].doc_date
        if account.policy == "fifo_due":
            return (line.due_date, issued, line.invoice_id, line.line_no)
        return (issued, line.invoice_id, line.due_date, line.line_no)

    turns: list[tuple[date, int, int, Invoice | Credit]] = []
    turns += [(i.doc_date, 0, i.invoice_id, i) for i in invoices.values()]
    turns += [(turn_date(c), 1, c.credit_id, c) for c in credit_list]
    turns.sort(key=lambda turn: turn[:3])

    lines_by_then: list[Line] = []  # of the invoices that may take part, whose turn has come
    credits_by_then: list[Credit] = []  # the same of the credits

    for _, _, _, document in turns:
        if isinstance(document, Credit):
            if document.is_named_return:
                assert document.names is not None
                for line in lines[document.names]:
                    give(document, line, "linked")
            if document.auto_allocate and account.policy != "manual":
                for line in sorted(lines_by_then, key=policy_order):
                    give(document, line, "auto")
                credits_by_then.append(document)
        elif document.auto_allocate and account.policy != "manual":
            for line in lines[document.invoice_id]:
                for credit in sorted(credits_by_then, key=lambda c: (c.doc_date, c.credit_id)):
                    give(credit, line, "auto")
                lines_by_then.append(line)

    return allocations


# ------------------------------------------------------------------------------------- ras (6)


def ras(items: Iterable[tuple[Decimal, date]]) -> Fraction | None:
    """Return the amount-weighted mean day, exact, as a day number (`toordinal`); None of none."""
    total = Fraction(0)
    product = Fraction(0)
    for amount, day in items:
        if amount <= 0:
            raise ValueError("ras refuses amounts that are not over 0")
        total += Fraction(amount)
        product += Fraction(amount) * day.toordinal()
    return product / total if total else None


def shown_date(exact: Fraction | None) -> date | None:
    """Round to the nearest day; a tie goes to the later."""
    return None if exact is None else date.fromordinal(floor(exact + Fraction(1, 2)))


def shown_days(exact: Fraction | None, places: int = 2) -> Decimal | None:
    """Round to two decimals, a half away from zero, as PostgreSQL's `round(numeric, 2)`."""
    if exact is None:
        return None
    scaled = floor(abs(exact) * 10**places + Fraction(1, 2))
    return Decimal(scaled if exact >= 0 else -scaled).scaleb(-places)


def ratio(product: Fraction, weight: Fraction | Decimal) -> Fraction | None:
    return product / Fraction(weight) if weight else None


# ------------------------------------------------------------------------- figures of an invoice


@dataclass(frozen=True)
class InvoiceFigures:
    """Per invoice, as section 6 defines it. Names are the columns of `bi.invoice`."""

    invoice_id: int
    amount: Decimal
    status: str
    credited_amount: Decimal = ZERO
    written_off_amount: Decimal = ZERO
    net_amount: Decimal = ZERO
    paid_amount: Decimal = ZERO
    cleared_amount: Decimal = ZERO
    open_amount: Decimal = ZERO
    is_collected: bool = False
    committed_ras: date | None = None
    committed_days: Decimal | None = None
    settlement_ras: date | None = None
    settlement_days: Decimal | None = None
    variance_days: Decimal | None = None
    timing: str | None = None
    settled_on: date | None = None
    settlement_period_days: Decimal | None = None
    debt_age_days: int | None = None
    overdue_amount: Decimal = ZERO
    debt_depth: Decimal = ZERO
    debt_depth_days: Decimal | None = None
    risky_amount: Decimal = ZERO
    settlement_money_days: Decimal | None = None
    variance_money_days: Decimal | None = None
    committed_money_days: Decimal | None = None


OUTSIDE_BEHAVIOUR = ("opening", "refund")


def days_between(later: date, earlier: date) -> Decimal:
    return Decimal((later - earlier).days)


def open_lines(docs: Documents, allocations: list[Allocation]) -> list[tuple[Line, Decimal]]:
    """Every line of a counted invoice with what is still open of it, if anything is."""
    result = []
    for invoice in counted_invoices(docs):
        for line in lines_of(invoice, docs.account.unit):
            settled = sum(
                (
                    a.amount
                    for a in allocations
                    if (a.invoice_id, a.line_no) == (line.invoice_id, line.line_no)
                ),
                ZERO,
            )
            if settled < line.amount:
                result.append((line, line.amount - settled))
    return result


def invoice_figures(
    docs: Documents, allocations: list[Allocation], invoice: Invoice, today: date
) -> InvoiceFigures:
    account = docs.account
    if invoice.status == "void":
        return InvoiceFigures(invoice.invoice_id, invoice.amount, "void")

    lines = lines_of(invoice, account.unit)
    due = {x.line_no: x.due_date for x in lines}
    credit_of = {(c.credit_type, c.credit_id): c for c in credits_of(docs)}
    mine = [
        (a, credit_of[a.credit_type, a.credit_id])
        for a in allocations
        if a.invoice_id == invoice.invoice_id
    ]
    money = [(a, c) for a, c in mine if c.is_money]
    not_money = [(a, c) for a, c in mine if not c.is_money]
    open_parts = [
        (line, amount)
        for line, amount in open_lines(docs, allocations)
        if line.invoice_id == invoice.invoice_id
    ]

    allocated = sum((a.amount for a, _ in mine), ZERO)
    paid = sum((a.amount for a, _ in money), ZERO)
    cleared = sum((a.amount for a, c in money if c.is_cleared), ZERO)
    credited = sum((a.amount for a, _ in not_money), ZERO)
    written_off = sum((a.amount for a, c in not_money if c.kind == "write_off"), ZERO)
    net = invoice.amount - credited
    still_open = invoice.amount - allocated
    is_settled = still_open == 0

    # What was promised: each line less its credited part; if nothing is left, the lines.
    credited_of = {
        x.line_no: sum((a.amount for a, _ in not_money if a.line_no == x.line_no), ZERO)
        for x in lines
    }
    if net == 0:
        promised = [(x.amount, x.due_date) for x in lines]
    else:
        promised = [
            (x.amount - credited_of[x.line_no], x.due_date)
            for x in lines
            if x.amount > credited_of[x.line_no]
        ]
    committed = ras(promised)
    assert committed is not None

    # What was paid.
    paid_on: list[tuple[Decimal, date]] = []
    late_by = Fraction(0)
    for a, c in money:
        assert c.value_date is not None
        paid_on.append((a.amount, c.value_date))
        late_by += Fraction(a.amount) * (c.value_date - due[a.line_no]).days
    settlement = ras(paid_on)
    issued = invoice.doc_date.toordinal()
    settlement_days = None if settlement is None else settlement - issued

    # Late or early.
    variance = ratio(late_by, paid)
    timing = None
    if is_settled:
        if variance is not None:
            if abs(variance) <= account.tolerance_days:
                timing = "on_time"
            else:
                timing = "late" if variance > 0 else "early"
    elif any((today - line.due_date).days > account.tolerance_days for line, _ in open_parts):
        timing = "late"

    depth = sum(
        (amount * max(ZERO, days_between(today, x.due_date)) for x, amount in open_parts), ZERO
    )
    figures = InvoiceFigures(
        invoice_id=invoice.invoice_id,
        amount=invoice.amount,
        status="settled" if is_settled else "partial" if allocated else "open",
        credited_amount=credited,
        written_off_amount=written_off,
        net_amount=net,
        paid_amount=paid,
        cleared_amount=cleared,
        open_amount=still_open,
        is_collected=is_settled and paid > 0 and cleared == paid and written_off == 0,
        committed_ras=shown_date(committed),
        committed_days=shown_days(committed - issued),
        settlement_ras=shown_date(settlement),
        settlement_days=shown_days(settlement_days),
        variance_days=shown_days(variance),
        timing=timing,
        settled_on=max((a.effective_date for a, _ in mine), default=None) if is_settled else None,
        settlement_period_days=shown_days(settlement_days) if is_settled else None,
        debt_age_days=None if is_settled else (today - invoice.doc_date).days,
        overdue_amount=sum((amount for x, amount in open_parts if x.due_date < today), ZERO),
        debt_depth=depth,
        debt_depth_days=shown_days(ratio(Fraction(depth), still_open)),
        risky_amount=sum(
            (amount for x, amount in open_parts if (today - x.due_date).days > account.risk_days),
            ZERO,
        ),
        settlement_money_days=sum(
            (amount * days_between(day, invoice.doc_date) for amount, day in paid_on), ZERO
        ),
        variance_money_days=Decimal(late_by.numerator) / late_by.denominator,
        committed_money_days=sum(
            (
                (x.amount - credited_of[x.line_no]) * days_between(x.due_date, invoice.doc_date)
                for x in lines
            ),
            ZERO,
        ),
    )
    if invoice.kind in OUTSIDE_BEHAVIOUR:
        return replace(
            figures,
            variance_days=None,
            settlement_period_days=None,
            timing=None,
            settlement_money_days=None,
            variance_money_days=None,
            committed_money_days=None,
        )
    return figures


# --------------------------------------------------------------------------- figures of a credit


@dataclass(frozen=True)
class CreditFigures:
    """Per credit. Names are the columns of `bi.credit`."""

    credit_type: str
    credit_id: int
    amount: Decimal
    is_counted: bool
    allocated_amount: Decimal
    unapplied_amount: Decimal


def credit_figures(docs: Documents, allocations: list[Allocation]) -> list[CreditFigures]:
    result = []
    for c in credits_of(docs):
        allocated = sum(
            (
                a.amount
                for a in allocations
                if (a.credit_type, a.credit_id) == (c.credit_type, c.credit_id)
            ),
            ZERO,
        )
        result.append(
            CreditFigures(
                c.credit_type, c.credit_id, c.amount, c.is_counted, allocated, c.counts - allocated
            )
        )
    return result


# ------------------------------------------------------------------------- figures of the account


@dataclass(frozen=True)
class AccountFigures:
    """Per account. Names are the columns of `bi.account`."""

    account_id: int
    open_amount: Decimal
    unapplied_amount: Decimal
    balance: Decimal
    blocked_amount: Decimal
    uncleared_amount: Decimal
    uncleared_ras: date | None
    bounced_amount: Decimal
    exposure_amount: Decimal
    credit_room: Decimal | None
    debt_ras: date | None
    debt_age_days: Decimal | None
    due_ras: date | None
    overdue_amount: Decimal
    debt_depth: Decimal
    debt_depth_days: Decimal | None
    risky_amount: Decimal
    risky_share: Fraction | None
    settlement_period_days: Decimal | None
    variance_days: Decimal | None
    settlement_money_days: Decimal
    variance_money_days: Decimal


def account_figures(docs: Documents, allocations: list[Allocation], today: date) -> AccountFigures:
    account = docs.account
    credit_list = credits_of(docs)
    invoice_of = {i.invoice_id: i for i in docs.invoices}
    open_parts = open_lines(docs, allocations)

    still_open = sum((amount for _, amount in open_parts), ZERO)
    unapplied = sum((c.unapplied_amount for c in credit_figures(docs, allocations)), ZERO)
    balance = still_open - unapplied
    uncleared = [
        c for c in credit_list if c.credit_type == "cheque" and c.counts > 0 and not c.is_cleared
    ]
    uncleared_on = [(c.counts, c.value_date) for c in uncleared if c.value_date is not None]
    uncleared_amount = sum((amount for amount, _ in uncleared_on), ZERO)
    # What the bank paid of a bounced cheque is not in the balance any more, so not here either.
    bounced = sum(
        (
            max(c.amount - bank_paid(docs, c), ZERO)
            for c in docs.cheques
            if c.kind == "payment" and c.status == "bounced"
        ),
        ZERO,
    )
    exposure = balance + uncleared_amount
    debt = ras((amount, invoice_of[x.invoice_id].doc_date) for x, amount in open_parts)
    depth = sum(
        (amount * max(ZERO, days_between(today, x.due_date)) for x, amount in open_parts), ZERO
    )
    risky = sum(
        (amount for x, amount in open_parts if (today - x.due_date).days > account.risk_days),
        ZERO,
    )

    # Over settled invoices, weighted by paid_amount, always from the sums.
    settled = [
        f
        for i in counted_invoices(docs)
        if i.kind not in OUTSIDE_BEHAVIOUR
        for f in [invoice_figures(docs, allocations, i, today)]
        if f.status == "settled" and f.paid_amount > 0
    ]
    paid = sum((f.paid_amount for f in settled), ZERO)
    settlement = sum((f.settlement_money_days or ZERO for f in settled), ZERO)
    variance = sum((f.variance_money_days or ZERO for f in settled), ZERO)

    return AccountFigures(
        account_id=account.account_id,
        open_amount=still_open,
        unapplied_amount=unapplied,
        balance=balance,
        blocked_amount=sum(
            (amount for x, amount in open_parts if not invoice_of[x.invoice_id].auto_allocate),
            ZERO,
        ),
        uncleared_amount=uncleared_amount,
        uncleared_ras=shown_date(ras(uncleared_on)),
        bounced_amount=bounced,
        exposure_amount=exposure,
        credit_room=None if account.credit_limit is None else account.credit_limit - exposure,
        debt_ras=shown_date(debt),
        debt_age_days=None if debt is None else shown_days(today.toordinal() - debt),
        due_ras=shown_date(ras((amount, x.due_date) for x, amount in open_parts)),
        overdue_amount=sum((amount for x, amount in open_parts if x.due_date < today), ZERO),
        debt_depth=depth,
        debt_depth_days=shown_days(ratio(Fraction(depth), still_open)),
        risky_amount=risky,
        risky_share=ratio(Fraction(risky), still_open),
        settlement_period_days=shown_days(ratio(Fraction(settlement), paid)),
        variance_days=shown_days(ratio(Fraction(variance), paid)),
        settlement_money_days=settlement,
        variance_money_days=variance,
    )


# ------------------------------------------------------------------------------------- aging (6)


@dataclass
class Aging:
    """Open amounts by how late they are. Names are the columns of `bi.aging`."""

    account_id: int
    not_due: Decimal = ZERO
    d1_30: Decimal = ZERO
    d31_60: Decimal = ZERO
    d61_90: Decimal = ZERO
    d91_120: Decimal = ZERO
    over_120: Decimal = ZERO
    open_amount: Decimal = ZERO
    unapplied_amount: Decimal = ZERO
    balance: Decimal = ZERO


def aging(docs: Documents, allocations: list[Allocation], today: date) -> Aging:
    result = Aging(docs.account.account_id)
    for line, amount in open_lines(docs, allocations):
        late = (today - line.due_date).days
        if late <= 0:
            result.not_due += amount
        elif late <= 30:
            result.d1_30 += amount
        elif late <= 60:
            result.d31_60 += amount
        elif late <= 90:
            result.d61_90 += amount
        elif late <= 120:
            result.d91_120 += amount
        else:
            result.over_120 += amount
        result.open_amount += amount
    for credit in credit_figures(docs, allocations):
        result.unapplied_amount += credit.unapplied_amount
    result.balance = result.open_amount - result.unapplied_amount
    return result


# ------------------------------------------------------------------------------ as of a day (6)


def as_of(docs: Documents, day: date) -> Documents:
    """Return the documents, as they are now known, as they stood at the end of `day`.

    Its figures are those of any other documents, with `today` = `day`.
    """
    invoices = tuple(i for i in docs.invoices if i.doc_date <= day)
    there = {i.invoice_id for i in invoices}

    def then(cheque: Cheque) -> Cheque:
        """In the state last entered with `event_date` ≤ the day; none at all: not yet handed in."""
        entered = [e for e in cheque.events if e.event_date <= day]
        if not entered:
            return replace(cheque, status="submitted", cleared_on=None)
        last = max(entered, key=lambda e: e.event_id)
        cleared_on = last.cleared_on
        if cleared_on is not None and cleared_on > day:
            cleared_on = None
        return replace(cheque, status=last.to_status, cleared_on=cleared_on)

    return replace(
        docs,
        invoices=invoices,
        payments=tuple(p for p in docs.payments if p.doc_date <= day),
        cheques=tuple(then(c) for c in docs.cheques if c.doc_date <= day),
        set_offs=tuple(s for s in docs.set_offs if s.doc_date <= day),
        credit_notes=tuple(
            n if n.invoice_id in there else replace(n, invoice_id=None)
            for n in docs.credit_notes
            if n.doc_date <= day
        ),
        adjustments=tuple(
            a if a.invoice_id in there else replace(a, invoice_id=None)
            for a in docs.adjustments
            if a.doc_date <= day
        ),
        pins=tuple(p for p in docs.pins if p.invoice_id in there),
    )


# ---------------------------------------------------------------------------------- all at once


@dataclass(frozen=True)
class Figures:
    """Everything that `bi` shows of one account."""

    account: AccountFigures
    aging: Aging
    invoices: list[InvoiceFigures] = field(default_factory=list)
    credits: list[CreditFigures] = field(default_factory=list)
    allocations: list[Allocation] = field(default_factory=list)


def figures(docs: Documents, today: date) -> Figures:
    allocations = allocate(docs)
    return Figures(
        account=account_figures(docs, allocations, today),
        aging=aging(docs, allocations, today),
        invoices=[invoice_figures(docs, allocations, i, today) for i in docs.invoices],
        credits=credit_figures(docs, allocations),
        allocations=allocations,
    )


def figures_as_of(docs: Documents, day: date) -> Figures:
    return figures(as_of(docs, day), day)
