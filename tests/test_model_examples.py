"""The model against examples worked out by hand, so that it is more than a second opinion."""

from __future__ import annotations

import json
import os
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from model import (
    Account,
    Adjustment,
    Allocation,
    Cheque,
    ChequeEvent,
    CreditNote,
    Documents,
    Installment,
    Invoice,
    Payment,
    Pin,
    SetOff,
    TermLine,
    allocate,
    figures,
    figures_as_of,
    lines_of,
    ras,
    shown_date,
    shown_days,
)

D = Decimal
FIFO = Account(1)
TODAY = date(2025, 6, 15)


def day(number: int) -> date:
    """Return the number-th day of 2025, so that an example reads as counting."""
    return date(2024, 12, 31) + timedelta(days=number)


def short(allocations: list[Allocation]) -> list[tuple[int, int, int, int, str]]:
    """(invoice, line, credit, amount, reason) of each, in order."""
    return sorted(
        (a.invoice_id, a.line_no, a.credit_id, int(a.amount), a.reason) for a in allocations
    )


def of_invoice(docs: Documents, invoice_id: int, today: date = TODAY) -> Any:
    return next(f for f in figures(docs, today).invoices if f.invoice_id == invoice_id)


# ------------------------------------------------------------------------------------------ ras

# name, base, [(amount, days from base)], the exact mean, the day it is shown as
RAS_EXAMPLES = [
    (
        "FA1",
        date(2020, 1, 1),
        [(200000, 20), (150000, 30), (100000, 45), (500000, 10)],
        Fraction(360, 19),
        date(2020, 1, 20),
    ),
    (
        "FA2",
        date(2020, 8, 26),
        [(2000000, 31), (3000000, 68), (4000000, 23)],
        Fraction(358, 9),
        date(2020, 10, 5),
    ),
    (
        "EN1",
        date(2023, 4, 18),
        [(1000, 0), (1500, 36), (500, 73), (600, 91)],
        Fraction(1451, 36),
        date(2023, 5, 28),
    ),
    (
        "EN3, a tie",
        date(2025, 10, 1),
        [(5000, 0), (3000, 15), (2000, 30)],
        Fraction(21, 2),
        date(2025, 10, 12),
    ),
    (
        "EN4",
        date(2023, 8, 13),
        [(1000, 25), (14000, 0), (10000, 25)],
        Fraction(11),
        date(2023, 8, 24),
    ),
    (
        "EN8",
        date(2023, 2, 17),
        [(400, 0), (350, 75), (1500, 116), (1200, 95), (850, 155), (1600, 139)],
        Fraction(6684, 59),
        date(2023, 6, 10),
    ),
    (
        "C1, over a leap day",
        date(2025, 3, 19),
        [(100, 0), (100, 1), (100, 2)],
        Fraction(1),
        date(2025, 3, 20),
    ),
]


@pytest.mark.parametrize(
    ("base", "items", "exact", "shown"),
    [example[1:] for example in RAS_EXAMPLES],
    ids=[example[0] for example in RAS_EXAMPLES],
)
def test_ras_of_the_textbooks(
    base: date, items: list[tuple[int, int]], exact: Fraction, shown: date
) -> None:
    mean = ras((D(amount), base + timedelta(days=days)) for amount, days in items)
    assert mean is not None
    assert mean - base.toordinal() == exact
    assert shown_date(mean) == shown


def test_ras_does_not_depend_on_the_base() -> None:
    """A tie goes to the later day also where a distance from some base would be negative."""
    tie = ras([(D(1), date(2025, 1, 1)), (D(1), date(2025, 1, 2))])
    assert shown_date(tie) == date(2025, 1, 2)


@pytest.mark.parametrize("amount", [D(0), D(-400)])
def test_ras_refuses_what_is_not_over_zero(amount: Decimal) -> None:
    with pytest.raises(ValueError, match="over 0"):
        ras([(D(1000), day(1)), (amount, day(2))])


def test_ras_of_nothing_is_nothing() -> None:
    assert ras([]) is None
    assert shown_date(None) is None
    assert shown_days(None) is None


@pytest.mark.parametrize(
    ("exact", "shown"),
    [
        (Fraction(10, 3), "3.33"),
        (Fraction(1, 200), "0.01"),
        (Fraction(-1, 200), "-0.01"),
        (Fraction(-1, 201), "0.00"),
        (Fraction(5), "5.00"),
    ],
)
def test_days_are_shown_with_two_decimals_a_half_away_from_zero(
    exact: Fraction, shown: str
) -> None:
    assert shown_days(exact) == D(shown)


SHARED = Path(os.environ.get("RASID_SHARED", Path(__file__).parents[2] / "shared"))


def examples_of_the_file() -> list[dict[str, Any]]:
    path = SHARED / "data" / "ras_examples.json"
    if not path.exists():
        return []
    examples: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return [e for e in examples if isinstance(e["items"], list)]


def test_ras_of_the_shared_examples() -> None:
    examples = examples_of_the_file()
    if not examples:
        pytest.skip("the shared examples are not here")
    for example in examples:
        items = [(D(i["amount"]), day(i["days_from_base"])) for i in example["items"]]
        if any(amount <= 0 for amount, _ in items):
            with pytest.raises(ValueError, match="over 0"):
                ras(items)
            continue
        mean = ras(items)
        assert mean is not None
        from_base = mean - day(0).toordinal()
        assert from_base == Fraction(example["expected"]["ras_days_exact"]), example["id"]
        nearest = shown_date(mean)
        assert nearest is not None
        assert (nearest - day(0)).days == example["expected"]["half_up"], example["id"]


def test_settlement_period_of_two_invoices_and_two_cheques() -> None:
    """Example C6 of the shared file: 50 and 30 million at 60 days, two cheques of 40 million.

    Jalali 1403/10/10, 1403/11/20, due 60 days later; cheques for 1404/01/15 and 1404/02/25.
    """
    base = date(2024, 12, 30)
    first, second = base, base + timedelta(days=40)
    docs = Documents(
        FIFO,
        invoices=(
            Invoice(1, first, D(50_000_000), due_date=first + timedelta(days=60)),
            Invoice(2, second, D(30_000_000), due_date=second + timedelta(days=60)),
        ),
        cheques=(
            Cheque(3, second, date(2025, 4, 4), D(40_000_000)),
            Cheque(4, second, date(2025, 5, 15), D(40_000_000)),
        ),
    )
    shown = figures(docs, TODAY)
    # cheque days from the base: 95 and 136; the mean 115.5 less the invoices' mean 15, in products
    assert shown.account.settlement_money_days == D(80_000_000) * D("100.5")
    assert shown.account.settlement_period_days == D("100.50")
    assert shown.account.variance_days == D("40.50")
    assert shown.account.open_amount == 0


# ---------------------------------------------------------------------------------------- lines


def test_lines_are_the_installments_once_they_add_up() -> None:
    invoice = Invoice(1, day(1), D(100), due_date=day(31))
    half = Installment(2, day(41), D(50))
    other_half = Installment(1, day(61), D(50))
    (whole,) = lines_of(invoice, D(1))
    assert (whole.line_no, whole.due_date, whole.amount) == (0, day(31), D(100))
    until_then = Invoice(1, day(1), D(100), due_date=day(31), installments=(half,))
    assert lines_of(until_then, D(1)) == [whole]
    then = Invoice(1, day(1), D(100), due_date=day(31), installments=(other_half, half))
    assert [(x.line_no, x.due_date) for x in lines_of(then, D(1))] == [(2, day(41)), (1, day(61))]


def test_shares_of_a_term_round_to_the_unit_and_the_last_takes_the_rest() -> None:
    thirds = (
        TermLine(1, 0, D("33.33")),
        TermLine(2, 30, D("33.33")),
        TermLine(3, 60, D("33.34")),
    )
    invoice = Invoice(1, day(1), D(1001), term=thirds)
    # 333.63 -> 334; 667.27 -> 667, less 334; the rest
    assert [(x.line_no, x.due_date, x.amount) for x in lines_of(invoice, D(1))] == [
        (1, day(1), D(334)),
        (2, day(31), D(333)),
        (3, day(61), D(334)),
    ]
    # 0.33 -> 0 makes no line
    tiny = Invoice(1, day(1), D(1), term=thirds)
    assert [(x.line_no, x.amount) for x in lines_of(tiny, D(1))] == [(2, D(1))]


def test_without_anything_the_line_is_due_on_the_day_of_the_invoice() -> None:
    (line,) = lines_of(Invoice(1, day(5), D(10)), D(1))
    assert (line.line_no, line.due_date) == (0, day(5))


# ----------------------------------------------------------------------------------- allocation


def test_the_oldest_invoice_is_settled_first() -> None:
    docs = Documents(
        FIFO,
        invoices=(Invoice(1, day(2), D(100)), Invoice(2, day(1), D(100))),
        payments=(Payment(3, day(3), D(150)),),
    )
    assert short(allocate(docs)) == [(1, 0, 3, 50, "auto"), (2, 0, 3, 100, "auto")]


def test_of_one_day_the_id_decides() -> None:
    docs = Documents(
        FIFO,
        invoices=(Invoice(4, day(1), D(100)), Invoice(1, day(1), D(100))),
        payments=(Payment(3, day(1), D(100)), Payment(2, day(1), D(60))),
    )
    assert short(allocate(docs)) == [(1, 0, 2, 60, "auto"), (1, 0, 3, 40, "auto"),
                                     (4, 0, 3, 60, "auto")]  # fmt: skip


def test_a_prepayment_waits_for_its_invoice() -> None:
    docs = Documents(
        FIFO,
        invoices=(Invoice(2, day(5), D(100)), Invoice(3, day(6), D(100))),
        payments=(Payment(1, day(1), D(150)),),
    )
    (first, second) = sorted(allocate(docs), key=lambda a: a.invoice_id)
    assert (first.amount, first.effective_date) == (D(100), day(5))
    assert (second.amount, second.effective_date) == (D(50), day(6))


def test_under_fifo_due_a_receipt_can_pay_the_long_dated_invoice() -> None:
    """The receipt's turn comes before the short-dated invoice is there."""
    docs = Documents(
        Account(1, policy="fifo_due"),
        invoices=(
            Invoice(1, day(1), D(100), due_date=day(90)),
            Invoice(2, day(3), D(100), due_date=day(10)),
            Invoice(3, day(3), D(100), due_date=day(9)),
        ),
        payments=(Payment(4, day(2), D(100)), Payment(5, day(4), D(100))),
    )
    assert short(allocate(docs)) == [(1, 0, 4, 100, "auto"), (3, 0, 5, 100, "auto")]


def test_pins_come_before_turns_and_never_too_big() -> None:
    docs = Documents(
        FIFO,
        invoices=(Invoice(1, day(1), D(100)), Invoice(2, day(2), D(30))),
        payments=(Payment(3, day(3), D(80)),),
        pins=(Pin(5, "payment", 3, 2, D(50)), Pin(4, "payment", 3, 2, D(10))),
    )
    assert short(allocate(docs)) == [
        (1, 0, 3, 50, "auto"),
        (2, 0, 3, 10, "pin"),
        (2, 0, 3, 20, "pin"),
    ]


def test_a_pin_reaches_what_auto_allocate_keeps_out() -> None:
    docs = Documents(
        FIFO,
        invoices=(Invoice(1, day(1), D(100), auto_allocate=False), Invoice(2, day(2), D(100))),
        payments=(Payment(3, day(3), D(80), auto_allocate=False), Payment(4, day(4), D(10))),
        pins=(Pin(5, "payment", 3, 1, None),),
    )
    assert short(allocate(docs)) == [(1, 0, 3, 80, "pin"), (2, 0, 4, 10, "auto")]
    assert figures(docs, TODAY).account.blocked_amount == 20


def test_told_credits_go_first_and_the_rest_goes_on() -> None:
    docs = Documents(
        FIFO,
        invoices=(Invoice(1, day(1), D(100)), Invoice(2, day(2), D(100))),
        payments=(Payment(3, day(3), D(100)),),
        adjustments=(Adjustment(4, day(9), D(150), invoice_id=2),),
        pins=(Pin(5, "payment", 3, 2, None),),
    )
    # the discount fills invoice 2, so the pin finds no room; the receipt takes invoice 1
    assert short(allocate(docs)) == [(1, 0, 3, 100, "auto"), (2, 0, 4, 100, "linked")]


def test_goods_returned_after_they_were_paid_for_leave_the_past_alone() -> None:
    docs = Documents(
        FIFO,
        invoices=(Invoice(1, day(1), D(100)), Invoice(4, day(20), D(70))),
        payments=(Payment(2, day(5), D(100)),),
        credit_notes=(CreditNote(3, day(10), D(40), invoice_id=1),),
    )
    assert short(allocate(docs)) == [(1, 0, 2, 100, "auto"), (4, 0, 3, 40, "auto")]


def test_a_return_before_the_money_goes_to_its_own_invoice() -> None:
    docs = Documents(
        Account(1, policy="manual"),
        invoices=(Invoice(1, day(1), D(100)), Invoice(4, day(3), D(70), auto_allocate=False)),
        payments=(Payment(2, day(12), D(100)),),
        credit_notes=(
            CreditNote(3, day(2), D(40), invoice_id=4),
            CreditNote(5, day(4), D(9), kind="other"),
        ),
    )
    # its turn is the invoice's day; under `manual` nothing else happens by itself
    assert short(allocate(docs)) == [(4, 0, 3, 40, "linked")]


def test_a_cheque_counts_less_the_parts_the_bank_paid() -> None:
    docs = Documents(
        FIFO,
        invoices=(Invoice(1, day(1), D(100)),),
        cheques=(Cheque(2, day(2), day(30), D(100)),),
        payments=(
            Payment(3, day(31), D(30), cheque_id=2),
            Payment(4, day(31), D(20), cheque_id=2, status="pending"),
        ),
    )
    assert short(allocate(docs)) == [(1, 0, 2, 70, "auto"), (1, 0, 3, 30, "auto")]


# -------------------------------------------------------------------------------------- figures


def test_value_date_of_a_cheque() -> None:
    def paid_on(cleared_on: date | None) -> date | None:
        docs = Documents(
            FIFO,
            invoices=(Invoice(1, day(1), D(100)),),
            cheques=(Cheque(2, day(2), day(30), D(100), status="cleared", cleared_on=cleared_on),),
        )
        (only,) = figures(docs, TODAY).invoices
        return only.settlement_ras

    assert paid_on(None) == day(30)
    assert paid_on(day(29)) == day(29)
    assert paid_on(day(37)) == day(30)
    assert paid_on(day(38)) == day(38)


def test_figures_of_a_settled_invoice() -> None:
    docs = Documents(
        FIFO,
        invoices=(Invoice(1, day(1), D(100), due_date=day(31)),),
        payments=(Payment(2, day(20), D(50)), Payment(3, day(40), D(40), value_date=day(50))),
        adjustments=(Adjustment(4, day(60), D(10), kind="write_off", invoice_id=1),),
    )
    f = of_invoice(docs, 1)
    assert (f.status, f.open_amount, f.net_amount) == ("settled", 0, 90)
    assert (f.credited_amount, f.written_off_amount) == (10, 10)
    assert (f.paid_amount, f.cleared_amount, f.is_collected) == (90, 90, False)
    assert (f.committed_ras, f.committed_days) == (day(31), D("30.00"))
    # (50 * 19 + 40 * 49) / 90 = 2910 / 90 = 32.333
    assert (f.settlement_ras, f.settlement_days) == (day(33), D("32.33"))
    assert f.settlement_period_days == D("32.33")
    assert (f.variance_days, f.timing, f.settled_on) == (D("2.33"), "on_time", day(60))
    assert (f.settlement_money_days, f.variance_money_days) == (2910, 210)
    assert f.committed_money_days == 2700
    assert f.debt_age_days is None


def test_figures_of_an_open_invoice() -> None:
    docs = Documents(
        FIFO,
        invoices=(
            Invoice(
                1,
                date(2025, 3, 1),
                D(300),
                installments=(
                    Installment(1, date(2025, 4, 1), D(100)),
                    Installment(2, date(2025, 5, 16), D(100)),
                    Installment(3, date(2025, 7, 1), D(100)),
                ),
            ),
        ),
        payments=(Payment(2, date(2025, 4, 2), D(40)),),
    )
    f = of_invoice(docs, 1)
    assert (f.status, f.open_amount, f.timing) == ("partial", 260, "late")
    assert f.debt_age_days == 106
    assert f.overdue_amount == 160
    # 75 days late and 30 days late, of a risk of 30 days: only the first is over it
    assert (f.debt_depth, f.debt_depth_days) == (60 * 75 + 100 * 30, D("28.85"))
    assert f.risky_amount == 60
    buckets: Any = figures(docs, TODAY).aging
    assert (buckets.not_due, buckets.d1_30, buckets.d61_90) == (100, 100, 60)
    assert buckets.balance == 260


def test_a_void_invoice_shows_its_amount_and_nothing_else() -> None:
    docs = Documents(FIFO, invoices=(Invoice(1, day(1), D(100), status="void"),),
                     payments=(Payment(2, day(2), D(30)),))  # fmt: skip
    f = of_invoice(docs, 1)
    assert (f.amount, f.status, f.open_amount, f.net_amount) == (100, "void", 0, 0)
    assert (f.committed_ras, f.debt_age_days, f.timing) == (None, None, None)
    assert figures(docs, TODAY).account.balance == -30


def test_an_opening_stays_out_of_behaviour() -> None:
    docs = Documents(
        FIFO,
        invoices=(Invoice(1, day(1), D(100), kind="opening"),),
        payments=(Payment(2, day(50), D(100)),),
    )
    f = of_invoice(docs, 1)
    assert (f.status, f.settlement_days, f.settlement_ras) == ("settled", D("49.00"), day(50))
    assert (f.variance_days, f.settlement_period_days, f.timing) == (None, None, None)
    assert f.settlement_money_days is None
    assert figures(docs, TODAY).account.settlement_period_days is None


def test_figures_of_an_account() -> None:
    docs = Documents(
        Account(1, credit_limit=D(1000)),
        invoices=(
            Invoice(1, date(2025, 5, 1), D(100), due_date=date(2025, 5, 10)),
            Invoice(2, date(2025, 5, 2), D(300), due_date=date(2025, 7, 1), auto_allocate=False),
        ),
        cheques=(
            Cheque(3, date(2025, 5, 3), date(2025, 6, 1), D(60)),
            Cheque(4, date(2025, 5, 3), date(2025, 6, 2), D(500), status="bounced"),
            Cheque(5, date(2025, 5, 3), date(2025, 6, 2), D(900), kind="guarantee"),
        ),
        set_offs=(SetOff(6, date(2025, 5, 4), D(90)),),
    )
    f: Any = figures(docs, TODAY).account
    assert (f.open_amount, f.unapplied_amount, f.balance) == (300, 50, 250)
    assert (f.blocked_amount, f.bounced_amount) == (300, 500)
    assert (f.uncleared_amount, f.uncleared_ras) == (60, date(2025, 6, 1))
    assert (f.exposure_amount, f.credit_room) == (310, 690)
    assert (f.debt_ras, f.due_ras) == (date(2025, 5, 2), date(2025, 7, 1))
    assert f.debt_age_days == D("44.00")
    # only invoice 1 is settled: 60 after 31 days (22 late), 40 after 3 days (6 early)
    assert f.settlement_period_days == D("19.80")
    assert f.variance_days == D("10.80")


# ---------------------------------------------------------------------------------------- as of


def test_as_of_a_day_shows_the_cheque_in_the_state_it_had() -> None:
    cheque = Cheque(
        2,
        day(2),
        day(30),
        D(100),
        status="bounced",
        events=(
            ChequeEvent(10, "in_hand", day(2)),
            ChequeEvent(11, "deposited", day(29)),
            ChequeEvent(12, "bounced", day(31)),
        ),
    )
    docs = Documents(FIFO, invoices=(Invoice(1, day(1), D(100)),), cheques=(cheque,))
    assert figures_as_of(docs, day(1)).credits == []
    assert figures_as_of(docs, day(30)).account.open_amount == 0
    assert figures_as_of(docs, day(31)).account.bounced_amount == 100
    assert figures_as_of(docs, day(0)).invoices == []


def test_as_of_a_day_the_last_entered_counts_not_the_last_dated() -> None:
    cheque = Cheque(
        2,
        day(2),
        day(30),
        D(100),
        events=(
            ChequeEvent(10, "in_hand", day(2)),
            ChequeEvent(11, "bounced", day(31)),
            ChequeEvent(12, "in_hand", day(30)),
        ),
    )
    docs = Documents(FIFO, invoices=(Invoice(1, day(1), D(100)),), cheques=(cheque,))
    assert figures_as_of(docs, day(31)).account.open_amount == 0


def test_as_of_a_day_what_names_a_later_invoice_names_nothing() -> None:
    docs = Documents(
        FIFO,
        invoices=(Invoice(1, day(1), D(100)), Invoice(2, day(9), D(100))),
        payments=(Payment(3, day(2), D(30)),),
        adjustments=(Adjustment(4, day(3), D(20), invoice_id=2),),
        pins=(Pin(5, "payment", 3, 2, None),),
    )
    assert short(allocate(docs)) == [(2, 0, 3, 30, "pin"), (2, 0, 4, 20, "linked")]
    assert short(figures_as_of(docs, day(8)).allocations) == [
        (1, 0, 3, 30, "auto"),
        (1, 0, 4, 20, "auto"),
    ]
