"""Fields of forms: days in either calendar, amounts in rial or toman, look-ups that type ahead."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from flask import url_for
from flask_admin import form as admin_form
from flask_admin.contrib.sqla.form import AdminModelConverter
from flask_admin.model.form import converts
from flask_babel import gettext
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy import text as sql
from wtforms import BooleanField, IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Optional
from wtforms.widgets import TextArea, TextInput, html_params

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
        """Draw the field with its unit; digits are grouped while they are typed."""
        kwargs.setdefault("dir", "ltr")
        kwargs.setdefault("inputmode", "decimal")
        kwargs.setdefault("autocomplete", "off")
        kwargs["data-amount"] = ""
        return Markup(
            '<div class="input-group">{}<div class="input-group-append">'
            '<span class="input-group-text" data-unit="{}">{}</span></div></div>'
        ).format(super().__call__(**kwargs), text.unit("IRR"), text.unit(self.currency))

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed; nothing is null."""
        typed = valuelist[0].strip() if valuelist else ""
        self.data = text.read_amount(typed, self.currency) if typed else None


class CurrencyForm(admin_form.BaseForm):
    """A form whose amounts are in one currency: of the row's account, or the one chosen in it."""

    currency: str = "IRR"

    def process(self, formdata: Any = None, obj: Any = None, data: Any = None, **kwargs: Any
                ) -> None:
        """Tell the fields of amounts their currency before they read what was typed."""
        self.currency = self._chosen(formdata, obj) or "IRR"
        for field in self:
            if isinstance(field, AmountField):
                field.currency = self.currency
        super().process(formdata, obj, data=data, **kwargs)

    def _chosen(self, formdata: Any, obj: Any) -> str | None:
        def of(name: str) -> Any:
            typed = formdata.get(name) if formdata and name in self else None
            return typed or getattr(obj, name, None)

        if of("currency"):
            return str(of("currency"))
        account_id = read_id(str(of("account_id") or ""))
        return None if account_id is None else currency_of(account_id)


def currencies() -> list[SelectChoice]:
    """Return the currencies of the book, to be chosen from."""
    return offered(db.session.execute(
        sql("select code, code || coalesce(' · ' || name, '') from ref.currency order by code"
            )).all())


def today() -> date:
    """Return the book's day, to be proposed."""
    found: date = db.session.execute(sql("select calc.today()")).scalar_one()
    return found


def currency_of(account_id: int) -> str | None:
    """Return the currency of an account; None where there is no such account."""
    found: str | None = db.session.execute(
        sql("select currency from ref.account where account_id = :id"),
        {"id": account_id}).scalar()
    return found


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
        self.data = text.read_number(typed) if typed else None


MOST_COUNT = 2**31 - 1
MOST_ID = 2**63 - 1


def read_id(sent: str) -> int | None:
    """Read an id; None of what can be none."""
    return int(sent) if re.fullmatch("[0-9]{1,18}", sent) else None


class Given(DataRequired):
    """Asks for a value where none was typed; of one that can't be read it was said why."""

    def __call__(self, form: Any, field: Any) -> None:
        """Leave what was said of the field as it is."""
        if not field.process_errors:
            super().__call__(form, field)


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
        if abs(self.data) > MOST_COUNT:
            raise ValueError(gettext("This number is too large."))


class PersianField(StringField):
    """A text in one spelling (ی, ک, ASCII digits); blank is null."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed."""
        self.data = text.fold(valuelist[0]) or None if valuelist else None


class NoteField(PersianField):
    """A text whose lines are kept, each in one spelling; blank is null."""

    widget = TextArea()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed."""
        lines = valuelist[0].splitlines() if valuelist else []
        self.data = "\n".join(map(text.fold, lines)).strip() or None


class DigitsField(StringField):
    """A number written on paper, in any digits, with or without blanks and dashes between them."""

    def __call__(self, **kwargs: Any) -> Any:
        """Draw the field."""
        kwargs.setdefault("dir", "ltr")
        kwargs.setdefault("inputmode", "numeric")
        kwargs.setdefault("autocomplete", "off")
        return super().__call__(**kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed; nothing is null."""
        typed = text.fold(valuelist[0]) if valuelist else ""
        self.data = typed.replace(" ", "").replace("-", "") or None


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
        try:
            self.data = _id(valuelist[0]) if valuelist else None
        except ValueError:
            raise ValueError(gettext("This can't be chosen here.")) from None
        if self.data is not None and self.data > MOST_ID:
            self.data = None
            raise ValueError(gettext("This can't be chosen here."))

    def __call__(self, **kwargs: Any) -> Markup:
        """Draw a select that `desk.js` fills while one types."""
        from admin.lookups import name_of

        shown = Markup()
        if self.data:
            shown = Markup('<option value="{}" selected>{}</option>').format(
                self.data, name_of(self.lookup, self.data))
        return Markup(
            '<select id="{}" name="{}" data-lookup="{}" data-depends-on="{}" {}>{}</select>'
        ).format(self.id, self.name, url_for("lookups.find", kind=self.lookup), self.depends_on,
                 html_params(**{"class": "form-control", "required": self.flags.required} | kwargs),
                 shown)


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

    def convert(self, model: Any, mapper: Any, name: str, prop: Any, field_args: Any,
                hidden_pk: bool) -> Any:
        """Propose what the database would put into the column."""
        proposed = _proposed(prop.columns[0]) if hasattr(prop, "columns") else None
        if proposed is not None:
            field_args = {"default": proposed} | (field_args or {})
        return super().convert(model, mapper, name, prop, field_args, hidden_pk)

    @converts("Date")
    def convert_date(self, field_args: Any, **_: Any) -> Any:
        """Days; one that the database gives need not be typed."""
        if any(isinstance(each, Optional) for each in field_args["validators"]):
            field_args["validators"] = [Optional()]
        return DayField(**field_args)

    @converts("Numeric")
    def handle_decimal_types(self, column: Any, field_args: Any, **_: Any) -> Any:
        """Amounts, and the few plain numbers."""
        if column.name in {"percent", "latitude", "longitude", "unit"}:
            return NumberField(**field_args)
        return AmountField(**field_args)

    @converts("Integer", "SmallInteger", "BigInteger")
    def handle_integer_types(self, column: Any, field_args: Any, **_: Any) -> Any:
        """References, and whole numbers."""
        if column.name in _FEW:
            return ChoiceField(options=few(column.name), **_optional(field_args))
        if column.name in {"account_id", "party_id", "invoice_id", "cheque_id", "payment_id",
                           "set_off_id", "replaces_cheque_id"}:
            kind = "cheque" if column.name == "replaces_cheque_id" else column.name[:-3]
            return LookupField(
                lookup=kind, depends_on="" if kind in {"account", "party"} else "account_id",
                **field_args)
        return CountField(**field_args)

    @converts("Text", "String")
    def convert_text(self, column: Any, field_args: Any, **_: Any) -> Any:
        """Words from a list, or free text."""
        if column.name == "currency":
            return SelectField(choices=currencies, **field_args)
        table = column.table
        for kind in (f"{table.fullname}.{column.name}", f"{table.name}.{column.name}", column.name):
            if kind in labels.VALUES:
                return SelectField(choices=offered(labels.choices(kind)), **field_args)
        return NoteField(**field_args) if column.name == "note" else PersianField(**field_args)

    @converts("Boolean")
    def conv_Boolean(self, field_args: Any, **_: Any) -> Any:  # noqa: N802
        """Truth."""
        field_args["validators"] = [Optional()]
        return BooleanField(**field_args)


def _proposed(column: Any) -> Any:
    """Return the default of a column when it is a text, a whole number or a truth value."""
    written = str(getattr(column.server_default, "arg", ""))
    if found := re.fullmatch(r"'([^']*)'::text", written):
        return found[1]
    if written.isdecimal():
        return int(written)
    return {"true": True, "false": False}.get(written)


def _optional(field_args: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in field_args.items() if key != "default"}
