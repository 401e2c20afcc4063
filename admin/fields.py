"""Fields of forms: days in either calendar, amounts in rial or toman, look-ups that type ahead."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from flask import url_for
from flask_admin.contrib.sqla.form import AdminModelConverter
from flask_admin.model.form import converts
from flask_babel import gettext
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy import text as sql
from wtforms import BooleanField, IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional
from wtforms.widgets import TextInput

from admin import labels, text
from admin.database import db


def offered(pairs: Iterable[tuple[Any, Any]]) -> list[SelectChoice]:
    """Return codes and their words as what a select field offers."""
    return [SelectChoice(value=code, label=words) for code, words in pairs]


class DayField(StringField):
    """A day, typed in the reader's calendar and in any digits; its data is a Gregorian date."""

    data: Any

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return text.typed_day(self.data) if isinstance(self.data, date) else ""

    def __call__(self, **kwargs: Any) -> Any:
        """Draw the field with its date picker."""
        kwargs.setdefault("dir", "ltr")
        kwargs.setdefault("autocomplete", "off")
        if current_user.calendar == "jalali":
            kwargs["data-jdp"] = ""
            kwargs.setdefault("placeholder", "1404/05/06")
        else:
            kwargs.setdefault("placeholder", "2025-07-28")
        return super().__call__(**kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed; nothing is null."""
        typed = valuelist[0].strip() if valuelist else ""
        self.data = text.read_day(typed) if typed else None


class AmountField(StringField):
    """An amount over nothing but digits and groups, in the person's unit; its data is in rials."""

    data: Any

    def __init__(self, *args: Any, currency: str = "IRR", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else text.typed_amount(self.data, self.currency)

    def __call__(self, **kwargs: Any) -> Any:
        """Draw the field; digits are grouped while they are typed."""
        kwargs.setdefault("dir", "ltr")
        kwargs.setdefault("inputmode", "decimal")
        kwargs.setdefault("autocomplete", "off")
        kwargs["data-amount"] = ""
        return super().__call__(**kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed; nothing is null."""
        typed = valuelist[0].strip() if valuelist else ""
        self.data = text.read_amount(typed, self.currency) if typed else None


class NumberField(StringField):
    """A plain number in any digits, such as a percent or a latitude."""

    data: Any

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{Decimal(self.data).normalize():f}"

    def __call__(self, **kwargs: Any) -> Any:
        """Draw the field."""
        kwargs.setdefault("dir", "ltr")
        kwargs.setdefault("inputmode", "decimal")
        return super().__call__(**kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed; nothing is null."""
        typed = text.fold(valuelist[0]) if valuelist else ""
        try:
            self.data = Decimal(typed) if typed else None
        except ArithmeticError:
            raise ValueError(gettext("This is not a number.")) from None


class CountField(IntegerField):
    """A whole number in any digits."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed; nothing is null."""
        typed = text.fold(valuelist[0]) if valuelist else ""
        if not typed:
            self.data = None
            return
        try:
            self.data = int(typed)
        except ValueError:
            raise ValueError(gettext("This is not a whole number.")) from None


class PersianField(StringField):
    """A text in one spelling (ی, ک, ASCII digits); blank is null."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed."""
        self.data = text.fold(valuelist[0]) or None if valuelist else None


class ChoiceField(SelectField):
    """One of few rows of a table, by id; may be left open."""

    def __init__(self, *args: Any, options: Callable[[], list[tuple[Any, str]]], **kwargs: Any):
        super().__init__(*args, coerce=_id, choices=lambda: offered([("", "–"), *options()]),
                         **kwargs)


def _id(value: Any) -> int | None:
    return int(value) if value not in (None, "", "None") else None


class LookupField(StringField):
    """One of many rows, found by typing: its data is an id, its options come from a page."""

    def __init__(self, *args: Any, lookup: str, depends_on: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lookup, self.depends_on = lookup, depends_on

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the chosen id; nothing is null."""
        self.data = _id(valuelist[0]) if valuelist else None

    def __call__(self, **_: Any) -> Markup:
        """Draw a select that `desk.js` fills while one types."""
        from admin.lookups import name_of

        shown = Markup()
        if self.data:
            shown = Markup('<option value="{}" selected>{}</option>').format(
                self.data, name_of(self.lookup, self.data))
        return Markup(
            '<select class="form-control" id="{}" name="{}" data-lookup="{}" data-depends-on="{}"'
            '{}>{}</select>'
        ).format(self.id, self.name, url_for("lookups.find", kind=self.lookup), self.depends_on,
                 Markup(" required") if self.flags.required else "", shown)


_FEW = {
    "region_id": "select region_id, name from ref.region order by name",
    "parent_id": "select region_id, name from ref.region order by name",
    "agency_id": "select agency_id, name from ref.agency order by name",
    "salesperson_id": "select salesperson_id, name from ref.salesperson order by name",
    "payment_term_id": "select payment_term_id, name from ref.payment_term order by name",
}


def few(name: str) -> Callable[[], list[tuple[Any, str]]]:
    """Return a function that gives the ids and names a column may refer to."""
    return lambda: [(row[0], row[1]) for row in db.session.execute(sql(_FEW[name]))]


class DeskConverter(AdminModelConverter):
    """Chooses the field of a column by what the column is."""

    @converts("Date")
    def convert_date(self, field_args: Any, **_: Any) -> Any:
        """Days."""
        return DayField(**field_args)

    @converts("Numeric")
    def conv_Numeric(self, column: Any, field_args: Any, **_: Any) -> Any:  # noqa: N802
        """Amounts, and the few plain numbers."""
        if column.name in {"percent", "latitude", "longitude", "unit"}:
            return NumberField(**field_args)
        return AmountField(**field_args)

    @converts("Integer", "SmallInteger", "BigInteger")
    def convert_integer(self, column: Any, field_args: Any, **_: Any) -> Any:
        """References, and whole numbers."""
        if column.name in _FEW:
            return ChoiceField(options=few(column.name), **_optional(field_args))
        if column.name in {"account_id", "party_id", "invoice_id", "cheque_id",
                           "replaces_cheque_id"}:
            kind = "cheque" if column.name == "replaces_cheque_id" else column.name[:-3]
            return LookupField(
                lookup=kind, depends_on="account_id" if kind in {"invoice", "cheque"} else "",
                **field_args)
        return CountField(**field_args)

    @converts("Text", "String")
    def convert_text(self, column: Any, field_args: Any, **_: Any) -> Any:
        """Words from a list, or free text."""
        for kind in (f"{column.table.name}.{column.name}", column.name):
            if kind in labels.VALUES:
                return SelectField(choices=offered(labels.choices(kind)), **field_args)
        return PersianField(**field_args)

    @converts("Boolean")
    def conv_Boolean(self, field_args: Any, **_: Any) -> Any:  # noqa: N802
        """Truth."""
        field_args["validators"] = [Optional()]
        return BooleanField(**field_args)


def _optional(field_args: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in field_args.items() if key != "default"}
