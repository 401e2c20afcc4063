"""Lists as files: CSV and Excel, written while they are read, whatever their length."""

from __future__ import annotations

import csv
import io
import itertools
import re
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from flask import Response, stream_with_context
from flask_login import current_user
from openpyxl.utils import get_column_letter
from sqlalchemy import Select

from admin import labels, text
from admin.database import stream
from admin.i18n import language

TYPES = ("csv", "xlsx")
CHUNK = 2000
"""Rows that are held at once."""
SHEET_ROWS = 1_048_576
"""Rows that Excel has on a sheet; what is more goes on to the next one."""

Body = Iterable[list[Any]]

# What a spreadsheet would take for a formula is a text that begins with one of these.
_FORMULA = re.compile(r"^(?:[=@\t\r]|[+\-](?![\d.,]*$))")
# What must not stand in XML.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_FIRST_DAY = date(1899, 12, 30)


def send(
    type_: str, title: str, columns: list[tuple[str, str]], statement: Select[Any],
    kinds: dict[str, str],
) -> Response:
    """Return the rows of a statement as a download.

    Amounts are numbers in the currency's own unit (rials), days are in the reader's calendar.
    """
    names = [name for name, _ in columns]
    result = stream(statement, CHUNK)
    # The first row is asked for before the answer begins: a refusal is then said.
    first = list(itertools.islice(result, 1))
    body = ([value(name, getattr(row, name), kinds.get(name)) for name in names]
            for row in itertools.chain(first, result))
    return download(type_, title, [label for _, label in columns], body)


def download(type_: str, title: str, header: list[str], body: Body) -> Response:
    """Return a header and rows as a file of either type."""
    if type_ == "csv":
        return _answer(_csv(header, body), title, "csv", "text/csv")
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
            return text.typed_day(found) if current_user.calendar == "jalali" else found
        case Decimal():
            return found
        case int() if name.endswith("_id"):
            return str(found)
        case int() | float():
            return found
        case _:
            return str(found)


def _answer(parts: Iterator[Any], title: str, ending: str, mimetype: str) -> Response:
    answer = Response(stream_with_context(parts), mimetype=mimetype)
    day = text.typed_day(date.today()).replace("/", "-")
    name = quote(f"{re.sub(r'[/:*?<>|]+', ' ', title)} {day}.{ending}")
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return answer


def _csv(header: list[str], body: Body) -> Iterator[str]:
    yield "\ufeff"  # without it Excel reads Persian as something else
    out = io.StringIO()
    writer = csv.writer(out)
    for number, row in enumerate(itertools.chain([header], body), 1):
        writer.writerow([_harmless(each) if isinstance(each, str) else each for each in row])
        if number % CHUNK == 0:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


def _harmless(written: str) -> str:
    return f"'{written}" if _FORMULA.match(written) else written


# An Excel file is a zip of XML. Its libraries write it whole before the first byte can be sent, and
# take several times as long; this is the little of the format that a table needs.

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
# Styles 1 and 2 of cells: bold, and a day.
_STYLES = (
    f'{_HEAD}<styleSheet {_MAIN}><numFmts count="1"><numFmt numFmtId="164"'
    ' formatCode="yyyy-mm-dd"/></numFmts><fonts count="2"><font/>'
    '<font><b/></font></fonts><fills count="2"><fill>'
    '<patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="3"><xf xfId="0"/><xf xfId="0" fontId="1" applyFont="1"/>'
    '<xf xfId="0" numFmtId="164" applyNumberFormat="1"/></cellXfs><cellStyles count="1">'
    '<cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>')


class _Pipe(io.RawIOBase):
    """What is written to it is taken out piece by piece."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.parts.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        taken = b"".join(self.parts)
        self.parts.clear()
        return taken


def workbook(title: str, sheets: list[tuple[str, list[str], Body]]) -> Response:
    """Return an Excel file; each sheet is a title, a header and rows."""
    return _answer(_packed(sheets), title, "xlsx", f"{_TYPE}.sheet")


def _packed(sheets: list[tuple[str, list[str], Body]]) -> Iterator[bytes]:
    pipe, names = _Pipe(), []
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as package:
        for name, header, body in sheets:
            rows = iter(body)
            for part in itertools.count(1):
                first = list(itertools.islice(rows, 1))
                if part > 1 and not first:
                    break
                bare = re.sub(r"[\\/*?:\[\]']", " ", name)[:27]
                names.append(bare if part == 1 else f"{bare} {part}")
                shown = itertools.chain(first, itertools.islice(rows, SHEET_ROWS - 2))
                with package.open(f"xl/worksheets/sheet{len(names)}.xml", "w",
                                  force_zip64=True) as file:
                    for piece in _sheet(header, shown):
                        file.write(piece)
                        yield pipe.take()
        for path, content in _frame(names):
            package.writestr(path, content)
    yield pipe.take()


def _sheet(header: list[str], body: Body) -> Iterator[bytes]:
    direction = ' rightToLeft="1"' if language() == "fa" else ""
    letters = [get_column_letter(place) for place in range(1, len(header) + 1)]
    lines = [
        f'{_HEAD}<worksheet {_MAIN}><sheetViews><sheetView workbookViewId="0"{direction}>'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView>'
        f'</sheetViews><cols><col min="1" max="{len(header)}" width="18" customWidth="1"/></cols>'
        "<sheetData>",
        _row(1, letters, header, ' s="1"'),
    ]
    for number, row in enumerate(body, 2):
        lines.append(_row(number, letters, row))
        if number % CHUNK == 0:
            yield "".join(lines).encode()
            lines.clear()
    yield ("".join(lines) + "</sheetData></worksheet>").encode()


def _row(number: int, letters: list[str], row: list[Any], style: str = "") -> str:
    cells = "".join(_cell(f"{letter}{number}", each, style)
                    for letter, each in zip(letters, row, strict=True) if each is not None)
    return f'<row r="{number}">{cells}</row>'


def _cell(place: str, held: Any, style: str) -> str:
    if isinstance(held, int | float | Decimal):
        return f'<c r="{place}"><v>{held}</v></c>'
    if isinstance(held, date):
        return f'<c r="{place}" s="2"><v>{(held - _FIRST_DAY).days}</v></c>'
    shown = escape(_CONTROL.sub(" ", str(held)))[:32767]
    return (f'<c r="{place}" t="inlineStr"{style}><is><t xml:space="preserve">{shown}</t></is></c>')


def _frame(names: list[str]) -> Iterator[tuple[str, str]]:
    """Return the parts of the package beside its sheets."""
    numbers = range(1, len(names) + 1)
    sheets = "".join(f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"/>'
                     for n, name in zip(numbers, names, strict=True))
    yield "xl/workbook.xml", (
        f'{_HEAD}<workbook {_MAIN} xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>')
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers)
    yield "xl/_rels/workbook.xml.rels", (
        f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{links}'
        f'<Relationship Id="rId{len(names) + 1}" Type="{_OFFICE}/styles" Target="styles.xml"/>'
        "</Relationships>")
    yield "xl/styles.xml", _STYLES
    yield "_rels/.rels", (
        f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"'
        f' Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>')
    parts = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        for n in numbers)
    yield "[Content_Types].xml", (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>{parts}</Types>')
