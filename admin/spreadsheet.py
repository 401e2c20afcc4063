"""Excel files as rows of text, and what is wrong with those that can't be read."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, Any
from xml.parsers import expat

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
_BROKEN = (LookupError, ValueError, EOFError, OSError, RuntimeError, zlib.error, zipfile.BadZipFile,
           expat.ExpatError, CalamineError)

_CHUNK = 1 << 20


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
    found = _Extent()
    with zipfile.ZipFile(path) as packed, packed.open(_part(packed, position)) as source:
        _read(source, found.start, found.end, found.data)
    if found.last_column * found.last_row > CELLS:
        raise FileError("unpacked")
    return found.merged


class _Extent:
    """How far a sheet goes, by its XML.

    A parser tells it, because the library that reads the cells later takes the server down with it
    when memory ends: however a place is written there, it is seen here.
    """

    def __init__(self) -> None:
        self.merged: list[str] = []
        self.last_column = self.last_row = 0
        self._column = self._row = 0
        self._cell: str | None = None
        self._is_filled = self._has_formula = self._has_value = self._is_in_value = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take a tag that opens."""
        kind = _local(name)
        if kind == "c":
            self._cell = attributes.get("r", "")
            self._place(self._cell)
            self._is_filled = self._has_formula = self._has_value = False
        elif self._cell is not None:
            self._is_filled = True
            self._has_formula |= kind == "f"
            self._is_in_value = kind == "v"
        elif kind == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._column = 0
        elif kind == "mergeCell":
            self.merged.append(attributes["ref"])

    def data(self, written: str) -> None:
        """Take text between tags."""
        if self._is_in_value and not written.isspace():
            self._has_value = True

    def end(self, name: str) -> None:
        """Take a tag that closes."""
        kind = _local(name)
        if kind == "v":
            self._is_in_value = False
        elif kind == "c":
            if self._has_formula and not self._has_value:
                raise FileError("formula", cell=self._cell)
            if self._is_filled:
                self.last_column = max(self.last_column, self._column)
                self.last_row = max(self.last_row, self._row)
            self._cell = None

    def _place(self, cell: str) -> None:
        if not cell:  # the one after the last
            self._column += 1
            return
        letters = cell.rstrip("0123456789")
        self._column = column_index_from_string(letters)
        self._row = int(cell[len(letters):])


def _read(
    source: IO[bytes],
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    data: Callable[[str], None] | None = None,
) -> None:
    """Tell the tags of an XML, and what stands between them."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = data
    while chunk := source.read(_CHUNK):
        parser.Parse(chunk, False)
    parser.Parse(b"", True)


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _part(packed: zipfile.ZipFile, position: int) -> str:
    """Return the name of the part of the package that holds a sheet."""
    keys: list[str] = []
    targets: dict[str, str] = {}

    def sheet(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "sheet":
            keys.extend(value for each, value in attributes.items() if each.endswith(":id"))

    def relation(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "Relationship":
            targets[attributes["Id"]] = attributes["Target"]

    for part, taken in (("workbook.xml", sheet), ("_rels/workbook.xml.rels", relation)):
        with packed.open(f"xl/{part}") as source:
            _read(source, taken)
    return "xl/" + targets[keys[position]].removeprefix("/").removeprefix("xl/")


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
