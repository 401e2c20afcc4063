"""Excel files as rows of text, a row at a time, and what is wrong with those that can't be read."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import jdatetime
import openpyxl
from openpyxl.utils import range_boundaries

from rasid_cli.intake import FileError, Row

UNPACKED = 2 * 1024**3
"""Bytes that a workbook may hold once unpacked."""
SHARED = 256 * 1024**2
"""Bytes of its table of texts, which is held in memory."""

EXACT = 10**15
"""From here on Excel keeps no last digit of a number."""

# What reading a damaged package or its XML ends in.
_BROKEN = (KeyError, ValueError, TypeError, SyntaxError, EOFError, OSError, zlib.error,
           zipfile.BadZipFile, NotImplementedError)

# A formula of which no value was saved, and a merged range, in the XML of a sheet.
_EMPTY_FORMULA = re.compile(
    rb'<c r="([A-Z]+[0-9]+)"[^>]*>\s*<f(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>')
_MERGED = re.compile(rb'<mergeCell ref="([A-Z0-9:]+)"')
_CHUNK = 1 << 20
_OVERLAP = 1 << 14


@dataclass(frozen=True)
class SheetFile:
    """A sheet of an Excel file; `dates` is the style in which its date cells are written out."""

    path: Path
    sheet: str
    dates: str = "iso"

    def rows(self, report: Callable[[int], object] = lambda _: None) -> Iterator[Row]:
        """Number and fields of each row that is not blank, the heading first.

        The heading is the first row with two filled cells: what stands over it is a title.
        `report` is told from time to time which row has been read.

        :raises FileError: a formula without its value, merged cells among the rows, no heading
        """
        width = 0
        with closing(_open(self.path)) as book:
            sheet = book[self.sheet]
            sheet.reset_dimensions()
            try:
                merged = _inspect(sheet)
                for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
                    if width == 0:
                        width = _width(cells)
                        if width < 2:
                            width = 0
                            continue
                        _refuse_merged(merged, number)
                    fields = [_written(cell, self.dates) for cell in cells[:width]]
                    if not any(fields):
                        continue
                    fields += [""] * (width - len(fields))
                    if number % 1000 == 0:
                        report(number)
                    yield number, fields
            except _BROKEN as error:
                raise FileError("broken") from error
        if width == 0:
            raise FileError("empty")


def sheets(path: Path) -> list[str]:
    """Return the names of the visible sheets with anything in them.

    :raises FileError: it is no workbook that can be read
    """
    with closing(_open(path)) as book:
        return [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]


def _open(path: Path) -> Any:
    with path.open("rb") as file:
        start = file.read(4096)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        # Both are containers of the same kind; only a locked one has this stream in it.
        is_locked = "EncryptedPackage".encode("utf-16-le") in path.read_bytes()
        raise FileError("locked" if is_locked else "old_excel")
    if b"<html" in start.lower() or b"<table" in start.lower():
        raise FileError("web_page")
    if not start.startswith(b"PK"):
        raise FileError("not_excel")
    try:
        with zipfile.ZipFile(path) as packed:
            sizes = {each.filename: each.file_size for each in packed.infolist()}
        if sum(sizes.values()) > UNPACKED or sizes.get("xl/sharedStrings.xml", 0) > SHARED:
            raise FileError("unpacked")
        return openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
    except _BROKEN as error:
        raise FileError("broken") from error


def _inspect(sheet: Any) -> list[str]:
    """Refuse formulas that nobody has worked out; return the merged ranges."""
    merged: list[str] = []
    rest = b""
    with sheet._get_source() as source:
        while chunk := source.read(_CHUNK):
            text = rest + chunk
            found = _EMPTY_FORMULA.search(text)
            if found:
                raise FileError("formula", cell=found.group(1).decode())
            merged += [each.decode() for each in _MERGED.findall(text)]
            rest = text[-_OVERLAP:]
    return merged


def _refuse_merged(merged: list[str], heading: int) -> None:
    for each in merged:
        if range_boundaries(each)[3] >= heading:
            raise FileError("merged", range=each)


def _width(cells: tuple[Any, ...]) -> int:
    """Return the number of columns up to the last filled one; 0 if fewer than two are filled."""
    filled = [place for place, cell in enumerate(cells, 1) if _written(cell, "iso")]
    return filled[-1] if len(filled) > 1 else 0


def _written(cell: Any, dates: str) -> str:
    """Return a cell as the text that somebody would have typed, days in the style told."""
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case date():
            day = cell.date() if isinstance(cell, datetime) else cell
            if dates == "jalali":
                return str(jdatetime.date.fromgregorian(date=day).strftime("%Y/%m/%d"))
            return day.isoformat()
        case time():
            return cell.isoformat()
        case int() | float() if abs(cell) >= EXACT and cell % 10 == 0:
            # What was a 16-digit number has lost its end: written so, it is refused.
            return f"{cell:.14E}"
        case float():
            return f"{Decimal(f'{cell:.15g}'):f}"
        case _:
            return str(cell).strip()
