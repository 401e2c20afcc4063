"""Lists as files: CSV and Excel, written row by row, whatever their length."""

from __future__ import annotations

import csv
import functools
import io
import itertools
import re
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any
from urllib.parse import quote

import xlsxwriter
from flask import Response, abort, stream_with_context
from flask_login import current_user
from sqlalchemy import Select

from admin import labels, text
from admin.database import stream
from admin.i18n import language

TYPES = ("csv", "xlsx")
CHUNK = 2000
"""Rows that are held at once."""
PIECE = 64 * 1024
"""Bytes of a finished file that are sent at once."""
SHEET_ROWS = 1_048_576
"""Rows that Excel has on a sheet; what is more goes on to the next one."""

CELL = 32_767
"""Characters that Excel has in a cell."""

AT_ONCE = 3
"""Files that are made or sent at one moment: each holds a thread and a connection all the while,
and the rest of both are for the pages."""

Body = Iterable[list[Any]]

_places = threading.BoundedSemaphore(AT_ONCE)

# What a spreadsheet would take for a formula is a text that begins with one of these.
# The wide signs are those of East Asian keyboards.
_FORMULA = re.compile(r"(?:[=@\uff1d\uff20\t\r\n]|[+\-\uff0b\uff0d](?![\d.,]*\Z))")
# What must not stand in the XML of an Excel file.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def in_turn(view: Callable[..., Any]) -> Callable[..., Any]:
    """Let a view make a file while few others are made; who comes too late gets a 503.

    Nobody waits: that would hold a thread as well. The place is given back when all is sent, or
    the one who asked has gone away.
    """
    @functools.wraps(view)
    def made(*args: Any, **kwargs: Any) -> Any:
        if not _places.acquire(blocking=False):
            abort(503)
        with ExitStack() as place:
            place.callback(_places.release)
            answer = view(*args, **kwargs)
            if answer.is_streamed and not answer.direct_passthrough:
                held = place.pop_all()
                answer.response = _closing(answer.response, held)
                answer.call_on_close(held.close)
        return answer

    return made


def _closing(parts: Iterable[Any], held: ExitStack) -> Iterator[Any]:
    with held:
        yield from parts


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
    name = quote(f"{re.sub(r'[/:*?<>|]+', ' ', title)} {day}.{ending}", safe="")
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


def workbook(title: str, sheets: list[tuple[str, list[str], Body]]) -> Response:
    """Return an Excel file; each sheet is a title, a header and rows.

    It is written to a temporary file, row by row, and sent when it is whole.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed when it has been sent
    with xlsxwriter.Workbook(file, {
        "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
        "default_date_format": "yyyy-mm-dd",
    }) as book:
        bold = book.add_format({"bold": True})
        for name, header, body in sheets:
            bare = re.sub(r"[\\/*?:\[\]']", " ", name)[:27]
            rows = iter(body)
            for part in itertools.count(1):
                first = list(itertools.islice(rows, 1))
                if part > 1 and not first:
                    break
                sheet = book.add_worksheet(bare if part == 1 else f"{bare} {part}")
                if language() == "fa":
                    sheet.right_to_left()
                sheet.freeze_panes(1, 0)
                sheet.set_column(0, len(header) - 1, 18)
                sheet.write_row(0, 0, header, bold)
                shown = itertools.chain(first, itertools.islice(rows, SHEET_ROWS - 2))
                for number, row in enumerate(shown, 1):
                    # A text that is too long would not be written, nor what stands after it.
                    sheet.write_row(number, 0, [
                        _CONTROL.sub(" ", each)[:CELL] if isinstance(each, str) else each
                        for each in row])
    return _answer(_pieces(file), title, "xlsx", _TYPE)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece
