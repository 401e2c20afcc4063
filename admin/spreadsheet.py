"""Excel files as rows of text, and what is wrong with those that can't be read."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl.utils import column_index_from_string, range_boundaries
from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from admin import text
from rasid_cli.intake import FileError, Row

UNPACKED = 1024**3
"""Bytes that a workbook may hold once unpacked."""
CELLS = 20_000_000
"""Cells of the rectangle that a sheet fills; it is held in memory."""
EXACT = 10**15
"""From here on Excel keeps no last digit of a number."""

# What reading a damaged package ends in.
_BROKEN = (KeyError, ValueError, EOFError, OSError, zlib.error, zipfile.BadZipFile,
           NotImplementedError, CalamineError)

# In the XML of a workbook and a sheet: its sheets, filled cells, formulas of which no value was
# saved, merged ranges.
_SHEET = re.compile(rb'<(?:\w+:)?sheet\s[^>]*?\bid="(\w+)"')
_RELATION = re.compile(rb'<(?:\w+:)?Relationship\s[^>]*>')
_FILLED = re.compile(rb'\br="([A-Z]{1,3})([0-9]+)"[^>]*(?<!/)>')
_NO_VALUE = re.compile(
    rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]+[0-9]+)"[^>]*>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</[^>]*>)'
    rb'\s*(?:<v\s*/>|<v>\s*</v>)?\s*</(?:\w+:)?c>')
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s+ref="([A-Z0-9:]+)"')
_CHUNK = 1 << 20
_OVERLAP = 1 << 12


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
        book = _open(self.path)
        try:
            merged = _inspect(self.path, book.sheet_names.index(self.sheet))
            sheet = book.get_sheet_by_name(self.sheet)
        except _BROKEN as error:
            raise FileError("broken") from error
        width = 0
        first = sheet.start[0] + 1 if sheet.start else 1
        for number, cells in enumerate(sheet.iter_rows(), first):
            if width == 0:
                width = _width(cells)
                if width == 0:
                    continue
                _refuse_merged(merged, number)
            fields = [_written(cell, self.dates) for cell in cells[:width]]
            if not any(fields):
                continue
            if number % 1000 == 0:
                report(number)
            yield number, fields
        if width == 0:
            raise FileError("empty")


def sheets(path: Path) -> list[str]:
    """Return the names of the visible sheets.

    :raises FileError: it is no workbook that can be read
    """
    return [sheet.name for sheet in _open(path).sheets_metadata
            if sheet.visible == SheetVisibleEnum.Visible]


def _open(path: Path) -> CalamineWorkbook:
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
            unpacked = sum(each.file_size for each in packed.infolist())
        if unpacked > UNPACKED:
            raise FileError("unpacked")
        return CalamineWorkbook.from_path(path)
    except _BROKEN as error:
        raise FileError("broken") from error


def _inspect(path: Path, position: int) -> list[str]:
    """Refuse what can't be held, and formulas nobody has worked out; return the merged ranges."""
    merged: list[str] = []
    columns: set[bytes] = set()
    last_row = 0
    rest = b""
    with zipfile.ZipFile(path) as packed, packed.open(_part(packed, position)) as source:
        while chunk := source.read(_CHUNK):
            part = rest + chunk
            found = _NO_VALUE.search(part)
            if found:
                raise FileError("formula", cell=found.group(1).decode())
            for column, row in _FILLED.findall(part):
                columns.add(column)
                last_row = max(last_row, int(row))
            merged += [each.decode() for each in _MERGED.findall(part)]
            rest = part[-_OVERLAP:]
    last_column = max((column_index_from_string(each.decode()) for each in columns), default=0)
    if last_column * last_row > CELLS:
        raise FileError("unpacked")
    return merged


def _part(packed: zipfile.ZipFile, position: int) -> str:
    """Return the name of the part of the package that holds a sheet."""
    wanted = _SHEET.findall(packed.read("xl/workbook.xml"))[position]
    for relation in _RELATION.findall(packed.read("xl/_rels/workbook.xml.rels")):
        if b'Id="%s"' % wanted in relation:
            found = re.search(rb'Target="/?(?:xl/)?([^"]+)"', relation)
            if found:
                return "xl/" + found.group(1).decode()
    raise KeyError(wanted)


def _refuse_merged(merged: list[str], heading: int) -> None:
    for each in merged:
        if range_boundaries(each)[3] >= heading:
            raise FileError("merged", range=each)


def _width(cells: list[Any]) -> int:
    """Return the number of columns up to the last filled one; 0 if fewer than two are filled."""
    filled = [place for place, cell in enumerate(cells, 1) if _written(cell, "iso")]
    return filled[-1] if len(filled) > 1 else 0


def _written(cell: Any, dates: str) -> str:
    """Return a cell as the text that somebody would have typed, days in the style told."""
    match cell:
        case bool():
            return "true" if cell else "false"
        case date():
            day = cell.date() if isinstance(cell, datetime) else cell
            return text.jalali(day) if dates == "jalali" else day.isoformat()
        case float() if abs(cell) >= EXACT and (cell % 10 == 0 or abs(cell) > 2**53):
            # What was a number of 16 digits has lost its end: written so, it is refused.
            return f"{cell:.14E}"
        case float():
            return f"{Decimal(f'{cell:.16g}' if abs(cell) >= EXACT else f'{cell:.15g}'):f}"
        case _:
            return str(cell).strip()
