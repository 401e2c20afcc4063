"""Excel and CSV files: columns, preview, bad rows with their reasons."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from flask import Response, abort, flash, jsonify, redirect, request, url_for
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_login import current_user

from admin import cells, export, labels, text, uploads
from admin.base import Screen
from admin.database import db
from admin.filters import currency
from admin.refusal import known
from admin.spreadsheet import sheets
from admin.uploads import Upload
from rasid_cli.intake import FileError, fields_of, propose

BAD_SHOWN = 100
"""Rows that are shown with what is wrong with them; the file has all."""

DOCUMENTS: dict[str, Any] = {
    "party": _("Customers and suppliers"), "account": _("Accounts"), "invoice": _("Invoices"),
    "installment": _("Installments"), "cheque": _("Cheques"), "payment": _("Payments"),
    "credit_note": _("Credit notes"), "adjustment": _("Adjustments"), "set_off": _("Set-offs"),
    "pin": _("Pins"),
}

# What the inbox calls otherwise than the tables do.
FIELDS: dict[str, Any] = {
    "account_id": _("Account id"), "agency_code": _("Agency code"),
    "cheque_external_id": _("External id of the cheque"),
    "cheque_sayad_id": _("Sayad id of the cheque"),
    "invoice_external_id": _("External id of the invoice"), "invoice_no": _("Invoice number"),
    "party_name": _("Customer name"), "payment_external_id": _("External id of the payment"),
    "payment_no": _("Payment number"), "payment_term_code": _("Payment term code"),
    "region_code": _("Region code"),
    "replaces_cheque_external_id": _("External id of the cheque it replaces"),
    "replaces_cheque_sayad_id": _("Sayad id of the cheque it replaces"),
    "salesperson_code": _("Salesperson code"),
    "set_off_external_id": _("External id of the set-off"),
}

ENCODINGS: dict[str, Any] = {
    "utf-8-sig": _("UTF-8"), "utf-16": _("UTF-16 (Excel: Unicode text)"),
    "cp1256": _("old Persian Windows (1256)"),
}
DATES: dict[str, Any] = {"jalali": _("Jalali (1404/05/06)"), "iso": _("Gregorian (2025-07-28)")}
UNITS: dict[str, Any] = {"rial": _("rial"), "toman": _("toman")}

# A file that can't be read: what is wrong, and what to do.
FAULTS: dict[str, tuple[Any, Any]] = {
    "broken": (_("The Excel file is damaged or cut off."),
               _("Open it in Excel, save it again, or send it once more.")),
    "columns": (_("The file has %(found)s columns; up to %(most)s are read."),
                _("Delete the columns that are of no use here.")),
    "empty": (_("The file is empty, or has no line of headings."),
              _("The first row names the columns; the documents follow below.")),
    "encoding": (_("From line %(line)s on the text can't be read as %(encoding)s."),
                 _("Choose another encoding, or save the file as CSV UTF-8.")),
    "fields": (_("Line %(line)s has %(found)s fields, but the heading has %(wanted)s."),
               _("Is the file cut off, or a quote missing?")),
    "formula": (_("Cell %(cell)s has a formula, but no value is saved with it."),
                _("Open the file in Excel and save it: then the values are in it.")),
    "locked": (_("The Excel file is protected by a password."),
               _("Save it without the password.")),
    "merged": (_("The cells %(range)s are merged."),
               _("Take the merging away, so that each row has its own values.")),
    "not_excel": (_("This is not an Excel file, though its name says so."),
                  _("Save it from Excel as .xlsx, or as CSV.")),
    "nul": (_("Line %(line)s holds something that is not text."),
            _("Choose another encoding, or save the file as .xlsx.")),
    "old_excel": (_("This is an old Excel file (.xls)."), _("Save it from Excel as .xlsx.")),
    "quote": (_("At line %(line)s a quote opens that never ends."),
              _("Is the file cut off? Save it once more.")),
    "rows": (_("Under the headings there is no row."),
             _("The first row names the columns; the documents follow below.")),
    "unpacked": (_("The sheet is too large: something stands far outside the table, or it holds"
                   " more than can be read at once."),
                 _("Copy the table into a new file, or split it.")),
    "web_page": (_("This is a web page that is called Excel."),
                 _("Open it in Excel and save it as .xlsx.")),
}

# Why a row is left: by the code of the reason, or its end. Other codes are rules of the tables.
REASONS: dict[str, Any] = {
    "account_contradicts": _("the account is not one of this customer"),
    "account_missing": _("neither a customer code nor an account is given"),
    "account_unknown": _("there is no such account"),
    "amount_below_limit": _("%(field)s: it is not below 10¹⁸"),
    "amount_positive": _("%(field)s: it is zero or negative; what lowers a debt is a document of"
                         " its own"),
    "amount_readable": _("%(field)s: it is not a number such as 1,250,000"),
    "amount_two_decimals": _("%(field)s: it has more than two decimals"),
    "day_exists": _("%(field)s: there is no such day in the calendar"),
    "day_in_calendar": _("%(field)s: the day is outside the calendar"),
    "day_looks_gregorian": _("%(field)s: the date looks Gregorian, but Jalali was chosen"),
    "day_looks_jalali": _("%(field)s: the date looks Jalali, but Gregorian was chosen"),
    "day_readable": _("%(field)s: it is not a date written year/month/day"),
    "given_once_in_a_batch": _("the same document stands several times in the file, not always"
                               " the same"),
    "unit_whole": _("it belongs to one that was refused: another installment of the invoice, or"
                    " another leg of the set-off"),
    "_ambiguous": _("%(field)s: several have this number"),
    "_known": _("%(field)s: this word is not allowed"),
    "_missing": _("%(field)s: it is empty"),
    "_range": _("%(field)s: it is not a whole number within its bounds"),
    "_unknown": _("%(field)s: nothing is known by it"),
}


def field_label(name: str) -> str:
    """Return the word for a field of the inbox."""
    return str(FIELDS.get(name) or labels.COLUMNS.get(name, name))


def fault(error: FileError) -> str:
    """Say what is wrong with a file and what to do, in the reader's language."""
    return " ".join(told_fault(error.fault, error.facts))


def told_fault(name: str, facts: dict[str, Any]) -> tuple[str, str]:
    """Return the sentence and the hint of a fault."""
    sentence, hint = FAULTS[name]
    written = {key: text.digits(each) if isinstance(each, int) else each
               for key, each in facts.items()}
    return str(sentence) % written, str(hint)


class Reasons:
    """Says why rows were left, in the reader's language; asks for each rule once."""

    def __init__(self) -> None:
        self._rules: dict[str, str | None] = {}

    def say(self, codes: str, words: str) -> str:
        """Return the reasons of a row by its codes; the database's words where one is unknown."""
        names = codes.split(", ")
        parts = words.split("; ")
        if len(parts) != len(names):
            parts = [""] * len(names)
        said = [self._one(code, part) for code, part in zip(names, parts, strict=True)]
        return words if None in said else "؛ ".join(map(str, said)) if (
            current_user.language == "fa") else "; ".join(map(str, said))

    def _one(self, code: str, part: str) -> str | None:
        if code in REASONS:
            named = re.match(r"[a-z_]+", part)
            return str(REASONS[code]) % {"field": field_label(named[0] if named else "amount")}
        field, _, end = code.rpartition("_")
        if field and f"_{end}" in REASONS and "rule" not in self._rule(code):
            return str(REASONS[f"_{end}"]) % {"field": _field_of(field)}
        return self._rule(code).get("rule")

    def _rule(self, name: str) -> dict[str, str]:
        if name not in self._rules:
            sentence, hint = known(name)
            self._rules[name] = None if sentence is None else " ".join(
                gettext(each) for each in (sentence, hint) if each)
        found = self._rules[name]
        return {} if found is None else {"rule": found}


def _field_of(base: str) -> str:
    for name in (base, f"{base}_code", f"{base}_no", f"{base}_id"):
        if name in FIELDS or name in labels.COLUMNS:
            return field_label(name)
    return base


class Imports(Screen):
    """Excel and CSV files: columns, preview, bad rows with their reasons."""

    group = "work"
    writers_only = True

    @expose("/", methods=["GET", "POST"])
    def index(self) -> Any:
        """Take a file, and what it is."""
        if request.method == "POST":
            sent, document = request.files.get("file"), request.form.get("document", "")
            if document not in DOCUMENTS:
                flash(gettext("Choose what the file holds."), "danger")
            elif sent is None or not sent.filename:
                flash(gettext("Choose a file."), "danger")
            else:
                upload = uploads.keep(sent, document, current_user.name)
                try:
                    upload.write("told", self._guess(upload))
                except FileError as error:
                    upload.drop()
                    flash(fault(error), "danger")
                else:
                    return redirect(url_for(".columns", key=upload.key))
        return self.render("desk/import.html", documents=DOCUMENTS.items(),
                           chosen=request.form.get("document", "invoice"))

    def _guess(self, upload: Upload) -> dict[str, Any]:
        """Propose how the file is to be read; refused if it can't be."""
        about = upload.read("about")
        told: dict[str, Any] = {
            "dates": "jalali", "unit": "rial", "constants": {}, "creates_parties": False,
            "sheet": None, "encoding": None,
        }
        if about["is_excel"]:
            told["sheet"] = sheets(upload.file)[0]
        else:
            told["encoding"] = uploads.encoding_of(upload.file)
        header, first = upload.header(told)
        told["columns"] = list(self._proposal(about["document"], header).items())
        days = [row[place] for field, place in told["columns"]
                if field.endswith("_date") or field == "cleared_on" for row in first]
        if days and not any(text.latin(day).strip().startswith(("13", "14")) for day in days):
            told["dates"] = "iso"  # date cells of Excel are written in the style told
        return told

    def _fields(self, document: str) -> list[str]:
        connection = db.session.connection().connection.driver_connection
        return fields_of(connection, document)  # type: ignore[arg-type]

    def _proposal(self, document: str, header: list[str]) -> dict[str, int]:
        return propose(document, self._fields(document), header, {})

    @expose("/<key>/", methods=["GET", "POST"])
    def columns(self, key: str) -> Any:
        """Choose the columns and how the file is written."""
        upload = self._upload(key)
        about, told = upload.read("about"), upload.read("told")
        fields = self._fields(about["document"])
        if request.method == "POST":
            changed = self._told(told, fields)
            is_anew = any(changed[name] != told[name] for name in ("sheet", "encoding"))
            try:
                header, _first = upload.header(changed)
            except FileError as error:
                flash(fault(error), "danger")
                return redirect(url_for(".columns", key=key))
            changed["columns"] = [(field, place) for field, place in changed["columns"]
                                  if place < len(header)]
            if is_anew:
                changed["columns"] = list(self._proposal(about["document"], header).items())
            upload.write("told", changed)
            told = changed
            problem = self._problem(fields, told)
            if problem:
                flash(problem, "danger")
            elif not is_anew:
                uploads.start(upload, is_kept=False)
                return redirect(url_for(".look", key=key))
        try:
            header, first = upload.header(told)
        except FileError as error:
            flash(fault(error), "danger")
            header, first = [], []
        names = sheets(upload.file) if about["is_excel"] else []
        return self.render(
            "desk/import_columns.html", about=about, told=told, key=key, header=header, first=first,
            fields=[(name, field_label(name)) for name in fields],
            chosen={int(place): field for field, place in told["columns"]},
            documents=DOCUMENTS, sheets=[(name, name) for name in names], encodings=ENCODINGS,
            dates=DATES, units=UNITS,
            currencies=currency().options(),
            has_account=about["document"] not in ("party", "account"))

    def _told(self, told: dict[str, Any], fields: list[str]) -> dict[str, Any]:
        """Read the form; what is not among what can be chosen stays as it was."""
        form = request.form
        constants = {name: form[name].strip() for name in ("side", "currency", "source")
                     if name in fields and form.get(name, "").strip()}
        columns = []
        for name, field in form.items():
            place = re.fullmatch("column-([0-9]{1,3})", name)
            if place and field in fields:
                columns.append((field, int(place[1])))
        return told | {
            "sheet": form.get("sheet", told["sheet"]),
            "encoding": form["encoding"] if form.get("encoding") in ENCODINGS
            else told["encoding"],
            "dates": form["dates"] if form.get("dates") in DATES else told["dates"],
            "unit": form["unit"] if form.get("unit") in UNITS else told["unit"],
            "constants": constants,
            "creates_parties": "creates_parties" in form,
            "columns": [(field, place) for field, place in columns if field not in constants],
        }

    @staticmethod
    def _problem(fields: list[str], told: dict[str, Any]) -> str | None:
        """Say what of the choice of columns can't be; None: nothing."""
        chosen = [field for field, _ in told["columns"]]
        twice = next((field for field in chosen if chosen.count(field) > 1), None)
        if twice:
            return gettext("%(field)s is read from two columns: choose one.",
                           field=field_label(twice))
        needed = {"party_code", "account_id", "code"}.intersection(fields)
        if not needed.intersection(chosen):
            return gettext("No column names the customer: choose which one is the code.")
        return None

    @expose("/<key>/look")
    def look(self, key: str) -> Any:
        """Show how far it has come; then what would be loaded, or was, and what not and why."""
        upload = self._upload(key)
        about, told, state = upload.read("about"), upload.read("told"), upload.state()
        if not state:
            return redirect(url_for(".columns", key=key))
        if state["status"] == "broken":
            state["sentence"], state["hint"] = told_fault(state["fault"], state["facts"])
        reasons = Reasons()
        bad, loaded, unchanged, left = [], 0, 0, 0
        if state["status"] == "done":
            for _n, row in zip(range(BAD_SHOWN), upload.rest(), strict=False):
                bad.append(row | {"reason": reasons.say(row["codes"], row["reason"])})
            state["reasons"] = [(reasons.say(codes, words), times)
                                for codes, times, words in state["reasons"]]
            # Rows of the file: not the customers that are made for them.
            loaded, unchanged, left = next(
                (numbers for document, *numbers in state["counts"]
                 if document == about["document"]), (0, 0, 0))
            state["counts"] = [(DOCUMENTS[document], *numbers)
                               for document, *numbers in state["counts"]]
        columns = [(field, int(place)) for field, place in told["columns"]]
        return self.render("desk/import_look.html", about=about, told=told, key=key, state=state,
                           bad=bad, columns=columns, documents=DOCUMENTS, label=field_label,
                           shown=_shown, is_otherwise=_is_otherwise, most=BAD_SHOWN,
                           loaded=loaded, unchanged=unchanged, left=left)

    @expose("/<key>/progress")
    def progress(self, key: str) -> Response:
        """Answer how far it has come: `{"status", "done", "size", "rows"}`."""
        state = self._upload(key).state()
        return jsonify({name: state.get(name) for name in ("status", "done", "size", "rows")})

    @expose("/<key>/load", methods=["POST"])
    def load(self, key: str) -> Any:
        """Load the good rows."""
        upload = self._upload(key)
        if upload.state().get("status") not in ("waiting", "reading", "judging"):
            uploads.start(upload, is_kept=True)
        return redirect(url_for(".look", key=key))

    @expose("/<key>/rest.<type_>")
    @export.in_turn
    def rest(self, key: str, type_: str) -> Response:
        """Return the rows that were left, as they stand in the file, with their reasons."""
        if type_ not in export.TYPES:
            abort(404)
        upload = self._upload(key)
        header, _first = upload.header(upload.read("told"))
        reasons = Reasons()
        body = ([*row["fields"], reasons.say(row["codes"], row["reason"]), row["codes"]]
                for row in upload.rest())
        return export.download(
            type_, gettext("Rows not loaded"),
            [*header, gettext("Reason"), gettext("Code of the reason")], body)

    def _upload(self, key: str) -> Upload:
        found = uploads.find(key, current_user.name)
        if found is None:
            abort(404)
        return found


def _shown(field: str, cell: dict[str, Any]) -> str:
    """Write a value of the preview as it reads; as it was written where it can't be read."""
    value = cell["reads"]
    match value:
        case None:
            return text.fold(cell["written"] or "")
        case {"date": day}:
            value = date.fromisoformat(day)
        case {"Decimal": number}:
            value = Decimal(number)
    kind = next((kind for kind in (field, *(f"{table}.{field}" for table in DOCUMENTS))
                 if kind in labels.VALUES and value in labels.VALUES[kind]), None) if isinstance(
                     value, str) else None
    if isinstance(value, Decimal):
        return text.number(value)
    return cells.plain(field, value, None, kind)


def _is_otherwise(cell: dict[str, Any]) -> bool:
    """Whether a number reads with other digits than it was written with, such as 500.000 as 500."""
    match cell["reads"]:
        case {"Decimal": number}:
            return re.sub(r"\D", "", text.latin(cell["written"])) != re.sub(r"\D", "", number)
    return False


def screens() -> Iterator[Any]:
    """Return the screen."""
    yield Imports(name=_("Load a file"), endpoint="imports", url="/import")
