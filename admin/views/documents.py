"""Lists of documents with their figures, and the forms that write them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from flask import abort, flash, g, redirect, request, url_for
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import and_, case, exists, func, or_, select, update
from sqlalchemy import text as sql
from sqlalchemy.exc import DBAPIError
from werkzeug.wrappers import Response
from wtforms.validators import Optional

from admin import cells, filters, labels, text
from admin.base import Records
from admin.database import db, model, table
from admin.fields import AmountField, DigitsField, read_id, today
from admin.filters import Filter
from admin.lookups import name_of

DAY_OF_PAPER = {"doc_date": {"default": today}}
WAITING = ("submitted", "in_hand", "deposited")
"""States in which it is open what becomes of a cheque."""
FLAG_HELP = _("Unticked: goes only where it is pinned.")


class Documents(Records):
    """Documents of one kind: proposed by a link, voided rather than deleted, moved on purpose.

    A new one takes its first values from the address: `?account_id=7&amount=1000&doc_date=…`,
    amounts as the tables hold them.
    """

    group = "documents"
    create_template = "desk/document_form.html"
    edit_template = "desk/document_form.html"
    order = ("-doc_date",)
    column_sortable_list: Any = ("doc_date",)
    form_args: Any = DAY_OF_PAPER

    void_words: ClassVar[Any] = _("A void document stays in the list and counts for nothing.")

    @property
    def kind(self) -> str:
        """Name of the table, as the history calls it."""
        return self.table.name

    @property
    def can_void(self) -> bool:
        """Whether these documents have a state of being void."""
        return "status" in self.table.c

    can_move: ClassVar[bool] = True
    """Whether these documents can be put on another account."""

    def party_filters(self) -> tuple[Filter, ...]:
        """Return the fields for the present salesperson, region and agency of the customer."""
        party = table("ref.party").c
        return (filters.side(), filters.reference(party.salesperson_id),
                filters.reference(party.region_id), filters.reference(party.agency_id))

    def key_of(self, row: Any) -> int:
        """Return the id of a document within its account."""
        return int(getattr(row, f"{self.kind}_id"))

    def cell(self, row: Any, name: str) -> Any:
        """Show an id where the paper has no number, and the invoice with its page."""
        if name in {"doc_no", "serial_no"} and not getattr(row, name):
            return text.isolated(f"#{self.key_of(row)}")
        if name == "invoice_no" and row.invoice_id:
            return cells.invoice(row, "invoice_no")
        return super().cell(row, name)

    def row_links(self, row: Any) -> list[tuple[str, str]]:
        """Lead to who changed it."""
        return [(self.history(row), gettext("History"))]

    def history(self, row: Any) -> str:
        """Return the address of the story of a document."""
        return url_for("history.document", kind=self.kind, account_id=row.account_id,
                       key=self.key_of(row))

    # Forms

    def create_form(self, obj: Any = None) -> Any:
        """Make the form of a new document with what the address proposes."""
        if request.method == "POST":
            return super().create_form(obj)
        form = self._create_form_class(None, obj=_Proposed(request.args))
        for field in form:
            if field.name in request.args and field.name != "account_id":
                _propose(field, request.args)
        return form

    def edit_form(self, obj: Any = None) -> Any:
        """Make the form of a document; its account is changed by `move` alone."""
        form = super().edit_form(obj)
        del form.account_id
        return form

    def render(self, template: str, **values: Any) -> str:
        """Give a document's form what stands round it."""
        if template == self.edit_template:
            if document := values.get("model"):
                values |= self._round(document)
            values["wants_reason"] = (
                values.get("is_closed") or "lock_reason" in request.values
                or getattr(g.get("refusal"), "code", None) == "RS404")
        return str(super().render(template, **values))

    def _round(self, document: Any) -> dict[str, Any]:
        closed = db.session.execute(sql("select max(closed_upto) from ref.period_lock")).scalar()
        day = getattr(document, "doc_date", None)
        return {
            "owner": name_of("account", document.account_id),
            "history": self.history(document),
            "is_void": getattr(document, "status", None) == "void",
            "is_closed": closed is not None and day is not None and day <= closed,
            "closed_upto": closed,
        }

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> Any:
        """Show and take the form of a new document; another one is of the same customer."""
        answer = super().create_view()
        if isinstance(answer, Response) and "_add_another" in request.form:
            return redirect(self.get_url(
                ".create_view", url=request.args.get("url"),
                account_id=request.form.get("account_id")))
        return answer

    @expose("/void/", methods=("POST",))
    def void(self) -> Response:
        """Void a document."""
        return self._change(gettext("It is void now and counts for nothing."), status="void")

    @expose("/move/", methods=("POST",))
    def move(self) -> Response:
        """Put a document on another account, with what belongs to it."""
        chosen = read_id(request.form.get("account_id", ""))
        if chosen is None:
            flash(gettext("Choose the account it belongs to."), "danger")
            return redirect(self._edit_url(request.form.get("id")))
        return self._change(gettext("It is on the other account now."), account_id=chosen)

    def _change(self, done: str, **values: Any) -> Response:
        """Update one document of the table and go back to its form."""
        if not self.can_edit:
            abort(403)
        document = self.get_one(request.form.get("id"))
        if document is None:
            flash(gettext("There is no such page or document."), "danger")
            return redirect(self.get_url(".index_view"))
        key, kept = request.form.get("id"), self.key_of(document)
        owner = document.account_id
        if not self.is_as_seen(document):
            db.session.rollback()
            return redirect(self._edit_url(key))
        try:
            db.session.execute(
                update(self.table)
                .where(self.table.c.account_id == owner, self.table.c[f"{self.kind}_id"] == kept)
                .values(**values))
            db.session.commit()
        except DBAPIError as error:
            self.handle_view_exception(error)
            more = {"lock_reason": ""} if g.refusal.code == "RS404" else {}
            return redirect(self._edit_url(key, **more))
        flash(done, "success")
        if "account_id" in values:
            key = f"{values['account_id']},{kept}"
        return redirect(self._edit_url(key))

    def _edit_url(self, key: Any, **more: Any) -> str:
        return str(self.get_url(".edit_view", id=key, url=request.form.get("url"), **more))


class _Proposed:
    """The account named by an address, as a row whose form is to be drawn."""

    def __init__(self, named: Any) -> None:
        self.account_id = named.get("account_id", type=int)


def _propose(field: Any, named: Any) -> None:
    """Put a value of the address into a field; what can't be read is left out."""
    if isinstance(field, AmountField):
        try:
            field.data = text.read_number(named[field.name])
        except ValueError:
            field.data = None
        return
    before = field.data
    field.process(named, before)
    field.raw_data = None
    if field.process_errors:
        field.process_errors, field.data = [], before


def _open_line() -> Any:
    line, invoice = table("bi.line"), table("doc.invoice")
    return (select(line.c.line_no)
            .where(line.c.account_id == invoice.c.account_id,
                   line.c.invoice_id == invoice.c.invoice_id, line.c.is_open))


class Invoices(Documents):
    """Invoices, debit notes, opening balances and refunds."""

    view_name = "bi.invoice"
    view_key = {"account_id": "account_id", "invoice_id": "invoice_id"}
    kinds = {"kind": "invoice.kind", "status": "invoice.status", "timing": "timing",
             "side": "side"}
    numbers = ("doc_no",)
    search_label = _("Customer or invoice number")
    column_list = ("doc_no", "party_name", "kind", "doc_date", "due_date", "amount", "open_amount",
                   "status", "timing", "variance_days", "debt_depth_days", "salesperson_name")
    form_columns = ("account_id", "kind", "doc_no", "doc_date", "due_date", "payment_term_id",
                    "amount", "salesperson_id", "region_id", "agency_id", "auto_allocate",
                    "status", "note")
    form_args = DAY_OF_PAPER | {
        "due_date": {"description": _(
            "Empty: by the payment term. Installments are entered on the page of the invoice.")},
        "payment_term_id": {"description": _("Empty: the customer's own.")},
        "salesperson_id": {"description": _("Empty: the customer's own.")},
        "region_id": {"description": _("Empty: the customer's own.")},
        "agency_id": {"description": _("Empty: the customer's own.")},
        "auto_allocate": {"description": _("Unticked: in dispute, paid only by what names it.")},
    }

    def make_filters(self) -> tuple[Filter, ...]:
        """Return the fields above the list."""
        columns = self.table.c
        states = [("open", _("open or partial")), ("overdue", _("overdue")),
                  ("settled", _("settled")), ("void", _("void"))]

        def state(chosen: str) -> Any:
            opened = _open_line()
            if chosen == "open":
                return exists(opened)
            if chosen == "overdue":
                return exists(opened.where(table("bi.line").c.is_overdue))
            if chosen == "void":
                return columns.status == "void"
            return (columns.status == "active") & ~exists(opened)

        return (
            Filter("state", _("State"), "choice", state, lambda: states),
            filters.side(),
            filters.currency(),
            *filters.days(columns.doc_date),
            filters.settled_month(self.table),
            filters.least(columns.amount),
            filters.reference(columns.salesperson_id),
            filters.reference(columns.region_id),
            filters.reference(columns.agency_id),
        )

    def cell(self, row: Any, name: str) -> Any:
        """Lead from the number to the page of the invoice."""
        if name == "doc_no":
            return cells.invoice(row)
        return super().cell(row, name)


class Credits(Documents):
    """Documents that lower what is owed, with what they are applied to and what is left."""

    view_name = "bi.credit"
    numbers = ("doc_no",)

    def __init__(self, model: Any, **arguments: Any) -> None:
        name = model.__table__.name
        self.view_key = {"account_id": "account_id",  # type: ignore[misc]
                         "credit_id": f"{name}_id"}
        self.view_const = {"credit_type": name}  # type: ignore[misc]
        super().__init__(model, **arguments)

    def wanted(self) -> list[str]:
        """Return every column that is read, with the invoice a note names."""
        names = super().wanted()
        return [*names, "invoice_id"] if "invoice_no" in names else names

    def more_columns(self, found: Any) -> dict[str, Any]:
        """Return the number of the invoice that a note names."""
        return {"invoice_no": _invoice_no(found)} if "invoice_id" in self.table.c else {}


def _invoice_no(found: Any) -> Any:
    invoice = table("doc.invoice").alias()
    return (select(invoice.c.doc_no)
            .where(invoice.c.account_id == found.c.account_id,
                   invoice.c.invoice_id == found.c.invoice_id)
            .scalar_subquery())


class Payments(Credits):
    """Money received (paid, on the payable side) other than by cheque."""

    kinds = {"method": "payment.method", "status": "payment.status"}
    search_label = _("Customer, number or bank reference")
    column_list = ("doc_no", "party_name", "method", "doc_date", "value_date", "amount",
                   "allocated_amount", "unapplied_amount", "status", "bank_reference")
    form_columns = ("account_id", "method", "doc_no", "doc_date", "value_date", "amount",
                    "bank_reference", "cheque_id", "auto_allocate", "status", "note")
    form_args = DAY_OF_PAPER | {
        "value_date": {"description": _(
            "The day the money counts from in a ras. Empty: the date above.")},
        "bank_reference": {"description": _("Tracking number on the slip or the statement.")},
        "cheque_id": {"description": _(
            "Only when the bank paid part of a cheque: the cheque then counts for less.")},
        "auto_allocate": {"description": FLAG_HELP},
    }

    def make_filters(self) -> tuple[Filter, ...]:
        """Return the fields above the list."""
        columns = self.table.c
        return (
            filters.choice(columns.status, "payment.status"),
            filters.choice(columns.method, "payment.method"),
            *filters.days(columns.doc_date),
            filters.least(columns.amount),
            *self.party_filters(),
        )

    def search_condition(self, typed: str) -> Any:
        """Find by customer, by the beginning of the number, or by the whole bank reference."""
        return or_(super().search_condition(typed), self.table.c.bank_reference == typed)


class Cheques(Documents):
    """Cheques, payment and guarantee, in all states."""

    view_name = "bi.cheque"
    view_key = {"account_id": "account_id", "cheque_id": "cheque_id"}
    kinds = {"kind": "cheque.kind", "status": "cheque.status"}
    numbers = ("serial_no",)
    order = ("-due_date",)
    column_sortable_list = ("due_date",)
    search_label = _("Customer, serial number or Sayad id")
    column_list = ("serial_no", "party_name", "bank", "doc_date", "due_date", "days_to_due",
                   "amount", "counted_amount", "allocated_amount", "unapplied_amount", "status",
                   "status_date", "kind", "sayad_id")
    form_columns = ("account_id", "kind", "sayad_id", "serial_no", "bank", "branch",
                    "drawer_name", "doc_date", "due_date", "amount", "status", "status_date",
                    "cleared_on", "replaces_cheque_id", "auto_allocate", "note")
    form_overrides: Any = {"sayad_id": DigitsField}
    form_args = {
        "doc_date": {"default": today, "description": _("The day it was handed over.")},
        "due_date": {"description": _("The day written on it.")},
        "sayad_id": {"description": _("The 16 digits on the paper.")},
        "status_date": {"validators": [Optional()], "description": _(
            "The day of the status. Empty: the day it was handed over; after a change of status,"
            " today.")},
        "cleared_on": {"description": _(
            "The day the bank paid it; only while cleared. Empty: the day of the status.")},
        "replaces_cheque_id": {"description": _("The bounced cheque that this one makes good.")},
        "auto_allocate": {"description": FLAG_HELP},
    }

    def make_filters(self) -> tuple[Filter, ...]:
        """Return the fields above the list."""
        columns = self.table.c
        states = [("waiting", _("without a result")), *labels.choices("cheque.status")]

        def state(chosen: str) -> Any:
            if chosen == "waiting":
                return and_(columns.kind == "payment", columns.status.in_(WAITING))
            return columns.status == chosen

        return (
            Filter("status", labels.column("status"), "choice", state, lambda: states),
            filters.choice(columns.kind, "cheque.kind"),
            filters.containing(columns.bank),
            *filters.days(columns.due_date),
            filters.least(columns.amount),
            *self.party_filters(),
        )

    def search_condition(self, typed: str) -> Any:
        """Find by customer, by the beginning of the serial number, or by the whole Sayad id."""
        digits = typed.replace(" ", "").replace("-", "")
        return or_(super().search_condition(typed), self.table.c.sayad_id == digits)

    def on_model_change(self, form: Any, model: Any, is_created: bool) -> None:
        """Keep the day of a state that stays; that of a new one is the database's to give."""
        super().on_model_change(form, model, is_created)
        if not is_created and model.status_date is None and (
                form.status.data == form.status.object_data):
            model.status_date = form.status_date.object_data


class CreditNotes(Credits):
    """What lowers the debt without money: goods returned, a price put right, other."""

    kinds = {"kind": "credit_note.kind", "status": "credit_note.status"}
    search_label = _("Customer or number")
    column_list: Any = ("doc_no", "party_name", "kind", "doc_date", "invoice_no", "amount",
                        "allocated_amount", "unapplied_amount", "status", "salesperson_name")
    form_columns: Any = ("account_id", "kind", "doc_no", "doc_date", "amount", "invoice_id",
                         "status", "note")
    form_args = DAY_OF_PAPER | {
        "invoice_id": {"description": _("The invoice it belongs to. Empty: any of the customer.")},
    }

    def make_filters(self) -> tuple[Filter, ...]:
        """Return the fields above the list."""
        columns = self.table.c
        return (
            filters.choice(columns.status, f"{self.kind}.status"),
            filters.choice(columns.kind, f"{self.kind}.kind"),
            *filters.days(columns.doc_date),
            filters.least(columns.amount),
            *self.party_filters(),
        )


class Adjustments(CreditNotes):
    """What lowers the debt by decision: a discount, a write-off, a rounding."""

    kinds = {"kind": "adjustment.kind", "status": "adjustment.status"}


class SetOffs(Credits):
    """Legs of set-offs; they are written together, on a screen of their own."""

    kinds = {"side": "side", "status": "set_off.status"}
    numbers = ("set_off_no",)
    search_label = _("Customer or set-off number")
    lead = _("Each row is one leg. A set-off is written as a whole, under Set-off.")
    column_list = ("set_off_no", "party_name", "side", "doc_date", "amount", "allocated_amount",
                   "unapplied_amount", "status", "salesperson_name")
    can_create = can_edit = can_delete = False

    def make_filters(self) -> tuple[Filter, ...]:
        """Return the fields above the list."""
        columns = self.table.c
        return (
            filters.choice(columns.status, "set_off.status"),
            *filters.days(columns.doc_date),
            filters.least(columns.amount),
            *self.party_filters(),
        )


class Pins(Documents):
    """Instructions: this credit belongs to that invoice."""

    kinds = {"credit_type": "credit_type"}
    order = ("-created_at",)
    column_sortable_list = ()
    search_label = _("Customer")
    lead = _("A pin says which invoice a credit belongs to. It gives what the credit has and the"
             " invoice still needs, never more.")
    column_list = ("party_name", "credit_type", "credit_no", "invoice_no", "amount",
                   "allocated_amount", "created_at", "created_by", "note")
    form_columns = ("account_id", "payment_id", "cheque_id", "set_off_id", "invoice_id", "amount",
                    "note")
    form_args = {
        "payment_id": {"description": _("One of payment, cheque and set-off.")},
        "amount": {"description": _("Empty: as much as fits.")},
    }
    also = ("invoice_id",)
    can_move = False

    def make_filters(self) -> tuple[Filter, ...]:
        """Return the fields above the list."""
        return (*filters.days(self.table.c.created_at), *self.party_filters())

    def more_columns(self, found: Any) -> dict[str, Any]:
        """Return the papers it names, and what it gives."""
        payment, cheque, set_off = (table(f"doc.{each}").alias() for each in
                                    ("payment", "cheque", "set_off"))
        given = table("bi.allocation").alias()

        def paper(document: Any, key: str, number: Any) -> Any:
            return (select(number)
                    .where(document.c.account_id == found.c.account_id,
                           document.c[key] == found.c[key])
                    .scalar_subquery())

        return {
            "credit_type": case((found.c.payment_id.is_not(None), "payment"),
                                (found.c.cheque_id.is_not(None), "cheque"), else_="set_off"),
            "credit_no": func.coalesce(
                paper(payment, "payment_id",
                      func.coalesce(payment.c.doc_no, payment.c.bank_reference)),
                paper(cheque, "cheque_id", func.coalesce(cheque.c.serial_no, cheque.c.sayad_id)),
                paper(set_off, "set_off_id", set_off.c.set_off_no)),
            "invoice_no": _invoice_no(found),
            "allocated_amount": (
                select(func.coalesce(func.sum(given.c.amount), 0))
                .where(and_(given.c.account_id == found.c.account_id,
                            given.c.invoice_id == found.c.invoice_id,
                            given.c.pin_id == found.c.pin_id))
                .scalar_subquery()),
        }

    def cell(self, row: Any, name: str) -> Any:
        """Say what a pin without an amount gives."""
        if name == "amount" and row.amount is None:
            return gettext("as much as fits")
        return super().cell(row, name)


def screens() -> Iterator[Any]:
    """Return the lists of documents."""
    yield Invoices(model("doc.invoice"), name=_("Invoices"), endpoint="invoices")
    yield Payments(model("doc.payment"), name=_("Payments"), endpoint="payments")
    yield Cheques(model("doc.cheque"), name=_("Cheques"), endpoint="cheques")
    yield CreditNotes(model("doc.credit_note"), name=_("Credit notes"), endpoint="credit_notes")
    yield Adjustments(model("doc.adjustment"), name=_("Adjustments"), endpoint="adjustments")
    yield SetOffs(model("doc.set_off"), name=_("Legs of set-offs"), endpoint="set_offs")
    yield Pins(model("doc.pin"), name=_("Pins"), endpoint="pins")
