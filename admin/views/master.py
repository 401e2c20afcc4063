"""Master data: parties, terms, regions, agencies, salespeople, currencies, holidays, settings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from flask import flash, g, redirect, request, url_for
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy import delete, exists, func, insert, or_, select
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.exc import DBAPIError
from wtforms import BooleanField, FieldList, Form, FormField
from wtforms.form import BaseForm

from admin import filters, labels, stale, text
from admin.base import Records, Screen
from admin.database import db, model, rows, table
from admin.fields import CountField, DigitsField, NumberField, PersianField, today
from admin.filters import Filter
from admin.lookups import FOLDED, like
from admin.refusal import refusal


class Master(Records):
    """A list of what documents refer to."""

    group = "master"
    order = ("name",)
    search_label = _("Code or name")

    def search_condition(self, typed: str) -> Any:
        """Find by the whole code or a part of the name."""
        return or_(func.lower(self.table.c.code) == typed.lower(),
                   _named(self.table.c.name, typed))


def _named(name: Any, typed: str) -> Any:
    return func.translate(name, "يىك", "ییک").ilike(like(typed))


class Named(Master):
    """A list of things with a code and a name."""

    column_list = ("code", "name")
    column_sortable_list = ("code", "name")
    form_columns = ("code", "name")


class Parties(Master):
    """Customers and suppliers as persons: how they are reached and who looks after them."""

    search_label = _("Code, name, national id or phone")
    column_list = ("code", "name", "national_id", "phone", "email", "region_name", "agency_name",
                   "salesperson_name")
    column_sortable_list = ("code", "name")
    form_columns = ("code", "name", "national_id", "phone", "email", "region_id", "agency_id",
                    "salesperson_id")
    form_overrides = {"national_id": DigitsField, "phone": DigitsField}
    form_args = {
        "code": {"description": _("Your number for them.")},
        "salesperson_id": {"description": _(
            "New invoices are theirs; old ones keep whom they had.")},
    }

    def make_filters(self) -> tuple[Filter, ...]:
        """Return the fields above the list."""
        columns = self.table.c
        return (filters.reference(columns.salesperson_id), filters.reference(columns.region_id),
                filters.reference(columns.agency_id))

    def search_condition(self, typed: str) -> Any:
        """Find by name, or by the whole code, national id or phone."""
        return or_(super().search_condition(typed), filters.reached_by(typed))

    def more_columns(self, found: Any) -> dict[str, Any]:
        """Return the names of what the party belongs to."""
        return {f"{name}_name": _name_of(f"ref.{name}", found)
                for name in ("region", "agency", "salesperson")}

    def row_links(self, row: Any) -> list[tuple[str, str]]:
        """Lead to the accounts of the party, and to a new one."""
        return [(url_for("customers.index_view", search=row.code), gettext("Accounts"))]


def _name_of(name: str, found: Any) -> Any:
    named = table(name).alias()
    key = name.partition(".")[2] + "_id"
    return select(named.c.name).where(named.c[key] == found.c[key]).scalar_subquery()


class Regions(Master):
    """Regions, each under the one it belongs to, with where it lies on the map."""

    lead = _("Figures of a region stand on the map where its latitude and longitude are given.")
    column_list = ("name", "code", "latitude", "longitude")
    form_columns = ("code", "name", "parent_id", "latitude", "longitude")
    form_args = {
        "latitude": {"description": _("Degrees north, such as 35.7 for Tehran.")},
        "longitude": {"description": _("Degrees east, such as 51.4 for Tehran.")},
    }

    def get_list(self, page: Any, sort_field: Any, sort_desc: Any, search: Any,  # noqa: ARG002
                 filters: Any, page_size: Any = None) -> Any:  # noqa: ARG002
        """Return all regions, each under the one it belongs to; of a search, those found."""
        typed = text.fold(search or "")
        g.has_next = False
        return None, rows(_TREE, {"q": typed, "like": like(typed)})

    def cell(self, row: Any, name: str) -> Any:
        """Set a region in under its own."""
        shown = super().cell(row, name)
        if name == "name":
            return Markup('<span class="depth-{}">{}</span>').format(min(row.depth, 5), shown)
        return shown


class Salespeople(Named):
    """Those who sell, and their customers."""

    def row_links(self, row: Any) -> list[tuple[str, str]]:
        """Lead to the customers."""
        return [(url_for("customers.index_view", salesperson_id=row.salesperson_id),
                 gettext("Customers"))]


class Currencies(Master):
    """Currencies with their smallest amount."""

    order = ("code",)
    column_list = ("code", "name", "unit")
    form_columns = ("code", "name", "unit")
    form_args = {
        "code": {"description": _("Three capital letters of ISO 4217, such as IRR.")},
        "unit": {"description": _("The smallest amount in use, such as 1 or 0.01.")},
    }

    def edit_form(self, obj: Any = None) -> Any:
        """Make the form of a currency, whose code stays."""
        form = super().edit_form(obj)
        del form.code
        return form


class Settings(Master):
    """What holds for the whole book."""

    order = ("name",)
    search_label = ""
    kinds = {"name": "setting.name"}
    column_list = ("name", "value")
    form_columns = ("value",)
    form_args = {"value": {"description": _("Of the time zone: a name such as Asia/Tehran.")}}
    can_create = can_delete = False


# Payment terms


class Share(Form):
    """A share of a payment term."""

    days = CountField()
    percent = NumberField()


class Shares(FieldList):
    """The shares of a payment term: rows that can be added and taken away."""

    def populate_obj(self, obj: Any, name: str) -> None:
        """Leave the row of the term alone: shares are rows of their own."""

    def shares(self) -> list[tuple[Any, Any]]:
        """Return days and percent of the rows that are filled in."""
        pairs = ((each.form.days.data, each.form.percent.data) for each in self.entries)
        return [pair for pair in pairs if pair != (None, None)]


class PaymentTerms(Master):
    """What customers are promised: shares of an invoice, each after its days."""

    lead = _("An invoice that names a term is due in its shares.")
    create_template = edit_template = "desk/term_form.html"
    parts = ("ref.payment_term_line",)
    column_list = ("code", "name", "shares")
    form_columns = ("code", "name", "lines")
    form_extra_fields = {"lines": Shares(FormField(Share), min_entries=1)}

    def more_columns(self, found: Any) -> dict[str, Any]:
        """Return the shares of the term as [[days, percent], …]."""
        line = table("ref.payment_term_line").alias()
        pair = func.jsonb_build_array(line.c.days, line.c.percent)
        return {"shares": (
            select(func.jsonb_agg(aggregate_order_by(pair, line.c.line_no)))
            .where(line.c.payment_term_id == found.c.payment_term_id)
            .scalar_subquery())}

    def cell(self, row: Any, name: str) -> Any:
        """Write the shares in one line."""
        if name == "shares":
            return " · ".join(
                gettext("%(percent)s after %(days)s days", percent=text.share(percent / 100),
                        days=text.number(days))
                for days, percent in row.shares or ())
        return super().cell(row, name)

    def create_form(self, obj: Any = None) -> Any:
        """Make the form of a new term; a copy comes with what was typed for another."""
        if request.method == "GET" and "copy" in request.args:
            return self._create_form_class(request.args)
        return super().create_form(obj)

    def edit_form(self, obj: Any = None) -> Any:
        """Make the form of a term with its shares."""
        self._read_shares(obj)
        return super().edit_form(obj)

    def as_it_stands(self, model: Any) -> Any:
        """Return a form of the term and its shares as the database has them."""
        self._read_shares(model)
        return super().as_it_stands(model)

    def _read_shares(self, term: Any) -> None:
        term.lines = [{"days": days, "percent": percent} for days, percent in self._kept(term)]

    def on_model_change(self, form: Any, model: Any, is_created: bool) -> None:
        """Write the shares, in the same transaction, when they have changed."""
        line, wanted = table("ref.payment_term_line"), form.lines.shares()
        db.session.flush()
        if not is_created:
            if self._kept(model) == wanted:
                return
            db.session.execute(
                delete(line).where(line.c.payment_term_id == model.payment_term_id))
        for number, (days, percent) in enumerate(wanted, 1):
            db.session.execute(insert(line).values(
                payment_term_id=model.payment_term_id, line_no=number, days=days,
                percent=percent))

    def _kept(self, term: Any) -> list[tuple[Any, Any]]:
        line = table("ref.payment_term_line").c
        return [(row.days, row.percent) for row in rows(
            select(line.days, line.percent)
            .where(line.payment_term_id == term.payment_term_id).order_by(line.line_no))]

    def render(self, template: str, **values: Any) -> str:
        """Say of a term in use that its shares stay, and offer a copy of what is typed."""
        if template == self.edit_template and (term := values.get("model")):
            invoice = table("doc.invoice")
            values["is_used"] = rows(select(exists(
                select(invoice.c.invoice_id)
                .where(invoice.c.payment_term_id == term.payment_term_id))))[0][0]
            values["copy"] = self.get_url(
                ".create_view", copy=1, url=values["return_url"], **_typed(values["form"]))
        return str(super().render(template, **values))


def _typed(form: Any) -> dict[str, str]:
    """Return what a form of a term shows, by the names of its fields, without the code."""
    known = {"name": form["name"]._value()}
    for entry in form.lines.entries:
        known |= {field.name: field._value() for field in entry.form}
    return known


# Holidays


class Month(NamedTuple):
    """A Jalali month."""

    year: int
    number: int

    def step(self, months: int) -> str:
        """Return the month so many later, as the address names it."""
        year, number = divmod(self.year * 12 + self.number - 1 + months, 12)
        return f"{year:04}/{number + 1:02}"


class Day(Form):
    """A day of the calendar: whether it is a holiday, and of what."""

    is_holiday = BooleanField(labels.COLUMNS["is_holiday"])
    holiday_name = PersianField(labels.COLUMNS["holiday_name"])


class Holidays(Screen):
    """Days of a Jalali month: which are holidays, and of what."""

    group = "master"

    @expose("/", methods=("GET", "POST"))
    def index(self) -> Any:
        """Show the days of a month, and take what was changed in them."""
        month = self._month()
        is_sent = request.method == "POST" and self.may_write
        days = self._days(month, is_locked=is_sent)
        form = now = self._form(days)
        changed = None
        if is_sent:
            form, carried = self._form(days, request.form), request.form.get(stale.SEEN, "")
            if theirs := stale.differing(carried, now):
                flash(stale.sentence(*stale.last_change(["ref.calendar"], theirs)), "danger")
                changed = stale.rebase(form, now, carried)
                db.session.rollback()
            elif self._save(form):
                flash(gettext("Saved."), "success")
                return redirect(self.get_url(".index", month=month.step(0)))
        return self.render("desk/holidays.html", days=days, form=form, month=month,
                           seen=stale.seen(now), changed=changed)

    @property
    def may_write(self) -> bool:
        """Whether the person is offered to change anything."""
        return bool(current_user.may_write)

    def _month(self) -> Month:
        named = re.fullmatch(r"(\d{4})/(\d{1,2})", text.latin(request.args.get("month", "")))
        if named:
            year, number = map(int, named.groups())
            if 1300 <= year <= 1500 and 1 <= number <= 12:
                return Month(year, number)
        found = rows(sql("select jalali_year, jalali_month from ref.calendar where day = :day"),
                     {"day": today()})[0]
        return Month(*found)

    @staticmethod
    def _days(month: Month, *, is_locked: bool) -> list[Any]:
        """Return the days of a month; locked, nobody changes them before they are written."""
        day = table("ref.calendar")
        found = (select(day).order_by(day.c.day)
                 .where(day.c.jalali_year == month.year, day.c.jalali_month == month.number))
        return rows(found.with_for_update(key_share=True) if is_locked else found)

    @staticmethod
    def _form(days: list[Any], typed: Any = None) -> BaseForm:
        """Return a form of days, each by its key: as they stand, or as they were typed."""
        form = BaseForm({each.day.isoformat(): FormField(
            Day, text.isolated(text.digits(each.jalali_text))) for each in days})
        form.process(typed, data={each.day.isoformat(): {
            "is_holiday": each.is_holiday, "holiday_name": each.holiday_name} for each in days})
        return form

    @staticmethod
    def _save(form: BaseForm) -> bool:
        """Write the days that were changed, all or none."""
        day = table("ref.calendar")
        try:
            for each in form:
                if each.data != each.object_data:
                    db.session.execute(
                        day.update().values(each.data)
                        .where(day.c.day == date.fromisoformat(each.short_name)))
            db.session.commit()
        except DBAPIError as error:
            flash(str(refusal(error)), "danger")
            return False
        return True


def screens() -> Iterator[Any]:
    """Return the lists of master data."""
    yield Parties(model("ref.party"), name=_("Parties"), endpoint="parties")
    yield PaymentTerms(model("ref.payment_term"), name=_("Payment terms"),
                       endpoint="payment_terms")
    yield Regions(model("ref.region"), name=_("Regions"), endpoint="regions")
    yield Named(model("ref.agency"), name=_("Agencies"), endpoint="agencies")
    yield Salespeople(model("ref.salesperson"), name=_("Salespeople"), endpoint="salespeople")
    yield Currencies(model("ref.currency"), name=_("Currencies"), endpoint="currencies")
    yield Holidays(name=_("Holidays"), endpoint="holidays", url="/holidays")
    yield Settings(model("ref.setting"), name=_("Settings"), endpoint="settings")


_TREE = sql(f"""
    with recursive tree as (
      select r.region_id, 0 as depth, array[r.name, r.region_id::text] as path
      from ref.region as r
      where r.parent_id is null
      union all
      select r.region_id, t.depth + 1, t.path || r.name || r.region_id::text
      from ref.region as r
      join tree as t on t.region_id = r.parent_id
    )
    select r.region_id, r.code, r.name, r.latitude, r.longitude,
           case when :q = '' then t.depth else 0 end as depth
    from ref.region as r
    join tree as t on t.region_id = r.region_id
    where :q = '' or r.code = :q or {FOLDED.format("r.name")} ilike :like
    order by t.path
""")  # noqa: S608
