"""Lists as files: CSV and Excel, row by row, whatever their length."""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import Response, send_file, stream_with_context
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from sqlalchemy import Select

from admin import labels, text
from admin.database import stream
from admin.i18n import language

TYPES = ("csv", "xlsx")
CHUNK = 2000
"""Rows that are held at once."""

# What a spreadsheet would take for a formula is a text that begins with one of these.
_FORMULA = re.compile(r"^[=+\-@\t\r]")


def send(
    type_: str, title: str, columns: list[tuple[str, str]], statement: Select[Any],
    kinds: dict[str, str],
) -> Response:
    """Return the rows of a statement as a download.

    Amounts are numbers in the currency's own unit (rials), days are in the reader's calendar.
    """
    names = [name for name, _ in columns]
    header = [label for _, label in columns]
    result = stream(statement, CHUNK)
    body = ([value(name, getattr(row, name), kinds.get(name)) for name in names] for row in result)
    if type_ == "csv":
        return _csv(title, header, body)
    return workbook(title, [(title, header, body)])


def value(name: str, found: Any, kind: str | None = None) -> Any:
    """Return what a cell of a file holds: numbers as numbers, days and codes as they are read."""
    if found is None:
        return None
    if kind is not None:
        return str(labels.value(kind, found))
    match found:
        case bool():
            return text.yes(found)
        case datetime():
            there = found.astimezone(text.TEHRAN)
            return f"{text.typed_day(there.date())} {there:%H:%M}"
        case date():
            return text.typed_day(found)
        case Decimal():
            return found
        case int() if name.endswith("_id"):
            return str(found)
        case int() | float():
            return found
        case _:
            return f"'{found}" if _FORMULA.match(str(found)) else str(found)


def _csv(title: str, header: list[str], body: Iterable[list[Any]]) -> Response:
    def lines() -> Iterator[str]:
        yield "\ufeff"  # without it Excel reads Persian as something else
        yield _line(header)
        for row in body:
            yield _line(row)

    return Response(stream_with_context(lines()), mimetype="text/csv", headers={
        "Content-Disposition": f"attachment; filename={_ascii(title)}.csv"})


def _line(row: list[Any]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow("" if each is None else each for each in row)
    return out.getvalue()


def workbook(title: str, sheets: list[tuple[str, list[str], Iterable[list[Any]]]]) -> Response:
    """Return an Excel file; each sheet is a title, a header and rows."""
    book = Workbook(write_only=True)
    for name, header, body in sheets:
        sheet = book.create_sheet(re.sub(r"[\\/*?:\[\]]", " ", name)[:31])
        sheet.sheet_view.rightToLeft = language() == "fa"
        sheet.freeze_panes = "A2"
        first = []
        for label in header:
            cell = WriteOnlyCell(sheet, value=label)
            cell.font = Font(bold=True)
            first.append(cell)
        for position in range(len(header)):
            sheet.column_dimensions[chr(ord("A") + position % 26)].width = 18
        sheet.append(first)
        for row in body:
            sheet.append(row)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by the response
    book.save(file)
    file.seek(0)
    return send_file(
        file, download_name=f"{_ascii(title)}.xlsx", as_attachment=True,
        mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")


def _ascii(title: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", title).strip("-").lower() or "rasid"
