"""How values are written and read: digits, amounts, days, shares, in the reader's own way.

Days are Jalali or Gregorian and IRR is rial or toman as the person prefers; the tables always hold
Gregorian days and rials.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import jdatetime
from flask import has_request_context, request
from flask_babel import gettext
from flask_login import current_user
from markupsafe import Markup

from admin.i18n import language

RIALS_IN_A_TOMAN = 10
UNITS = ("rial", "toman")
TEHRAN = ZoneInfo("Asia/Tehran")

_PERSIAN = str.maketrans("0123456789.,-", "۰۱۲۳۴۵۶۷۸۹٫٬−")
_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
_LATIN = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩٫", "01234567890123456789.")
# Marks of direction and blanks without width, pasted unseen, go as ref.persian_text takes them.
_SPELLING = str.maketrans(
    "يىك", "ییک",
    "\u0640\ufeff\u200b\u200e\u200f\u2060\u061c\u202a\u202b\u202c\u202d\u202e"
    "\u2066\u2067\u2068\u2069")
_BLANKS = re.compile(r"[\s\x00]+")
_JOINERS = re.compile(r"[\u200c\u200d]")


def listed(words: Iterable[str]) -> str:
    """Write words one after the other, with the comma of the language."""
    return ("، " if language() == "fa" else ", ").join(words)


def latin(text: str) -> str:
    """Return the text with Persian and Arabic digits as ASCII digits."""
    return text.translate(_LATIN)


def fold(text: str) -> str:
    """Return a typed text in one spelling: ی and ک for ي and ك, ASCII digits, single blanks."""
    return _BLANKS.sub(" ", latin(text).translate(_SPELLING)).strip()


def digits(text: Any) -> str:
    """Write the digits of a text in the reader's language."""
    return str(text).translate(_DIGITS) if language() == "fa" else str(text)


def number(value: Any, places: int | None = None) -> str:
    """Write a number in groups of three; null is a dash.

    It is rounded as the database rounds, a half away from 0.
    """
    if value is None:
        return "–"
    if places is not None:
        value = Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) + 0  # no −0
    written = f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
    if "." in written:
        written = written.rstrip("0").rstrip(".")
    return written.translate(_PERSIAN) if language() == "fa" else written.replace("-", "−")


def money_unit() -> str:
    """Return rial or toman: as the page had it that a form comes from, or as the person likes.

    A page that was open while its reader changed the unit says the old one beside its fields.
    """
    said = None
    if has_request_context() and request.method == "POST":
        said = request.form.get("amounts_in") or request.headers.get("X-Amounts-In")
    return said if said in UNITS else str(getattr(current_user, "money_unit", "rial"))


def uses_toman(currency: str | None) -> bool:
    """Whether amounts of this currency are shown in tomans."""
    return currency == "IRR" and money_unit() == "toman"


def unit(currency: str | None) -> str:
    """Name of the unit that amounts of the currency are shown in."""
    if currency == "IRR":
        return gettext("toman") if uses_toman(currency) else gettext("rial")
    return currency or ""


def amount(value: Decimal | int | None, currency: str | None = "IRR") -> str:
    """Write an amount in groups of three, in rial or toman; null is a dash."""
    if value is None:
        return "–"
    shown = Decimal(value)
    if uses_toman(currency):
        shown /= RIALS_IN_A_TOMAN
    return number(shown.normalize() if shown != shown.to_integral() else shown.to_integral())


def typed_amount(value: Decimal | int, currency: str | None = "IRR") -> str:
    """Write an amount as it is typed into forms: the person's unit, ASCII digits in groups."""
    shown = Decimal(value) / (RIALS_IN_A_TOMAN if uses_toman(currency) else 1)
    return f"{shown.normalize():,f}"


def brief(value: Decimal | int | None, currency: str | None = "IRR") -> str:
    """Write a large amount with a word: 12.3 billion."""
    if value is None:
        return "–"
    shown = Decimal(value) / (RIALS_IN_A_TOMAN if uses_toman(currency) else 1)
    for size, word in (
        (10**12, gettext("trillion")), (10**9, gettext("billion")), (10**6, gettext("million")),
    ):
        if abs(shown) >= size:
            return f"{number(shown / size, 1)} {word}"
    return number(shown, 0)


def day(value: date | None) -> str:
    """Write a day in the reader's calendar: 1404/05/06 or 2025-07-28; null is a dash."""
    return "–" if value is None else digits(typed_day(value))


def typed_day(value: date) -> str:
    """Write a day as it is typed into forms: the reader's calendar, ASCII digits."""
    if getattr(current_user, "calendar", "jalali") == "jalali":
        return jalali(value)
    return value.strftime("%Y-%m-%d")


def jalali_month(code: int) -> str:
    """Write a Jalali month given as 140405: مرداد ۱۴۰۴, or Mordad 1404."""
    year, month = divmod(code, 100)
    names = jdatetime.date.j_months_fa if language() == "fa" else jdatetime.date.j_months_en
    return f"{names[month - 1]} {digits(year)}"


@lru_cache(maxsize=8192)
def jalali(value: date) -> str:
    """Write a day as 1404/05/06, whoever reads it."""
    return str(jdatetime.date.fromgregorian(date=value).strftime("%Y/%m/%d"))


def moment(value: datetime | None) -> str:
    """Write a moment: the day, and hours and minutes in Tehran; null is a dash."""
    if value is None:
        return "–"
    there = value.astimezone(TEHRAN)
    return f"{day(there.date())} {digits(there.strftime('%H:%M'))}"


def share(value: Decimal | float | None) -> str:
    """Write a share as percent: 0.4444 is 44.4%; null is a dash."""
    if value is None:
        return "–"
    return number(Decimal(value) * 100, 1) + ("٪" if language() == "fa" else "%")


def yes(value: bool | None) -> str:
    """Write a truth value; null is a dash."""
    return "–" if value is None else gettext("yes") if value else gettext("no")


def isolated(text: str, css: str = "") -> Markup:
    """Return a text that keeps its order, left to right, in a line of either direction."""
    return Markup('<bdi dir="ltr" class="{}">{}</bdi>').format(css, text)


def read_day(text: str) -> date:
    """Read a typed day: 1404/05/06 in any digits, or 2025-07-28.

    A year up to 1500 is Jalali, a later one Gregorian, so that either can be typed by everyone.

    :raises ValueError: it is no day, with a sentence for the person
    """
    parts = re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})",
                         _JOINERS.sub("", fold(text)))
    if not parts:
        raise ValueError(gettext("This is not a day. Write it like 1404/05/06."))
    year, month, number_ = map(int, parts.groups())
    try:
        if year <= 1500:
            return jdatetime.date(year, month, number_).togregorian()
        found = date(year, month, number_)
        jdatetime.date.fromgregorian(date=found)  # both calendars have it, so that it can be shown
        return found
    except ValueError:
        raise ValueError(gettext("There is no such day in the calendar.")) from None


def read_amount(text: str, currency: str | None = "IRR") -> Decimal:
    """Read a typed amount, in any digits, with or without groups, in the person's unit; in rials.

    :raises ValueError: it is no amount, with a sentence for the person
    """
    bare = re.sub(r"[,٬،\s_]", "", _JOINERS.sub("", fold(text))).replace("−", "-")
    try:
        value = read_number(bare)
    except ValueError:
        raise ValueError(gettext("This is not an amount. Write digits, like 1,250,000.")) from None
    return value * RIALS_IN_A_TOMAN if uses_toman(currency) else value


def read_number(text: str) -> Decimal:
    """Read a number of plain digits: no powers of ten, no NaN, no more than anybody types.

    :raises ValueError: it is no such number, with a sentence for the person
    """
    if not re.fullmatch(r"[+-]?(\d{1,99}\.?\d{0,99}|\.\d{1,99})", text):
        raise ValueError(gettext("This is not a number."))
    return Decimal(text)
