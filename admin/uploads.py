"""Files that somebody is loading: kept until they are loaded or a day old, and the work on them.

An upload is a folder that only this server reads. What is done with it runs in a thread, in one
transaction as the one who asked: a server that is stopped leaves nothing of it, or all.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import psycopg
from flask import Flask, copy_current_request_context, current_app
from flask_babel import gettext
from psycopg import sql
from werkzeug.datastructures import FileStorage

from admin.database import db
from admin.refusal import refusal
from admin.spreadsheet import SheetFile
from rasid_cli import intake
from rasid_cli.intake import FileError, TextFile

KEPT_SECONDS = 24 * 3600
MOST_COLUMNS = 100
SHOWN = 20
"""Rows that are shown as they would be read."""

_TURNS = threading.BoundedSemaphore(2)
"""Files that are worked on at a time; the others wait."""


@dataclass(frozen=True)
class Upload:
    """A file somebody sent, what it is said to be, and how far the work on it has come."""

    folder: Path

    @property
    def file(self) -> Path:
        """The file as it came."""
        return self.folder / "file"

    @property
    def key(self) -> str:
        """What it is called in addresses."""
        return self.folder.name

    def drop(self) -> None:
        """Forget it."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def read(self, name: str) -> dict[str, Any]:
        """Return what was written under a name: `about`, `told`, `state`; empty if nothing."""
        try:
            return dict(json.loads((self.folder / name).read_text()))
        except FileNotFoundError:
            return {}

    def write(self, name: str, facts: Mapping[str, Any]) -> None:
        """Write facts under a name, all or nothing."""
        fresh = self.folder / f"{name}.new"
        fresh.write_text(json.dumps(facts, default=str))
        fresh.replace(self.folder / name)

    def state(self) -> dict[str, Any]:
        """Return how far the work has come; `lost` if the server that did it is gone."""
        state = self.read("state")
        if state.get("status") in ("waiting", "reading", "judging") and not _lives(state):
            return state | {"status": "lost"}
        return state

    def rest(self) -> Iterator[dict[str, Any]]:
        """Return the rows that were left: `row`, `fields`, `reason`, `codes`."""
        with contextlib.suppress(FileNotFoundError), (self.folder / "rest").open() as lines:
            yield from map(json.loads, lines)

    def source(self, told: Mapping[str, Any]) -> TextFile | SheetFile:
        """Return the file as rows, read in the way told.

        :raises FileError: it can't be read
        """
        if self.read("about")["is_excel"]:
            return SheetFile(self.file, told["sheet"], told["dates"])
        return TextFile.find(self.file, told["encoding"], None)

    def header(self, told: Mapping[str, Any]) -> tuple[list[str], list[list[str]]]:
        """Return the headings, each of them once, and the first rows under them.

        :raises FileError: it can't be read, has no rows or more columns than anybody needs
        """
        rows = self.source(told).rows()
        names = [name.strip() for name in next(rows)[1]]
        if len(names) > MOST_COLUMNS:
            raise FileError("columns", found=len(names), most=MOST_COLUMNS)
        first = [fields for _, (_, fields) in zip(range(5), rows, strict=False)]
        if not first:
            raise FileError("rows")
        seen: dict[str, int] = {}
        for place, name in enumerate(names):
            folded = intake.fold(name)
            seen[folded] = seen.get(folded, 0) + 1
            if not name:
                names[place] = gettext("column %(number)s", number=place + 1)
            elif seen[folded] > 1:
                names[place] = f"{name} ({seen[folded]})"
        return names, first


def folder() -> Path:
    """Return where uploads are kept: a folder of the server's own user.

    :raises PermissionError: somebody else has put one there
    """
    found = Path(tempfile.gettempdir()) / f"rasid-uploads-{os.getuid()}"
    found.mkdir(mode=0o700, exist_ok=True)
    if found.stat().st_uid != os.getuid() or found.is_symlink():
        raise PermissionError(f"{found} belongs to somebody else")
    return found


def keep(sent: FileStorage, document: str, owner: str) -> Upload:
    """Keep a file that was sent; those of yesterday go.

    :raises FileError: it is neither text nor Excel
    """
    for old in folder().iterdir():
        if time.time() - old.stat().st_mtime > KEPT_SECONDS:
            shutil.rmtree(old, ignore_errors=True)
    upload = Upload(folder() / secrets.token_hex(16))
    upload.folder.mkdir(mode=0o700)
    sent.save(upload.file)
    name = Path(sent.filename or "").name
    with upload.file.open("rb") as file:
        start = file.read(8)
    is_excel = start.startswith((b"PK", b"\xd0\xcf\x11\xe0")) or bool(
        re.search(r"\.(xlsx?|xlsm|xlsb)$", name, re.IGNORECASE))
    upload.write("about", {"name": name, "document": document, "owner": owner,
                           "is_excel": is_excel})
    return upload


def find(key: str, owner: str) -> Upload | None:
    """Return somebody's upload; None if it is gone, or somebody else's."""
    if not re.fullmatch(r"[0-9a-f]{32}", key):
        return None
    upload = Upload(folder() / key)
    return upload if upload.read("about").get("owner") == owner else None


def encoding_of(path: Path) -> str:
    """Return the encoding that a text file can be read in: UTF-8, UTF-16, or else old Windows'."""
    found = TextFile.find(path, None, ",")
    try:
        with path.open(encoding=found.encoding) as file:
            while file.read(1 << 20):
                pass
    except UnicodeError:
        return "cp1256"
    return found.encoding


def start(upload: Upload, *, is_kept: bool) -> None:
    """Begin to read and load a file; nothing stays of it unless `is_kept`.

    Small files are done when this returns.
    """
    said = {"is_kept": is_kept, "pid": os.getpid(), "born": _born(os.getpid())}
    upload.write("state", said | {"status": "waiting"})
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]

    @copy_current_request_context
    def work() -> None:
        def report(status: str, **facts: Any) -> None:
            upload.write("state", said | {"status": status} | facts)

        with _TURNS:
            try:
                result = _load(upload, report, is_kept=is_kept)
            except FileError as error:
                report("broken", fault=error.fault, facts=error.facts)
            except psycopg.Error as error:
                refused = refusal(error)
                report("refused", sentence=refused.sentence, hint=refused.hint)
            except Exception as error:
                app.logger.exception("loading a file", exc_info=error)
                report("refused", sentence=gettext("Something went wrong in the desk."),
                       hint=gettext("Nothing was saved. It is written in the server's log."))
            else:
                report("done", **result)
            finally:
                db.session.rollback()
                db.session.remove()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(2)


def _load(
    upload: Upload, report: Callable[..., None], *, is_kept: bool
) -> dict[str, Any]:
    about, told = upload.read("about"), upload.read("told")
    document, batch = about["document"], f"{about['name']} {upload.key}"
    table = sql.Identifier(document)
    fields = [field for field, _ in told["columns"]]
    places = {field: int(place) for field, place in told["columns"]}
    source = upload.source(told)
    size = upload.file.stat().st_size if isinstance(source, TextFile) else None

    report("reading", done=0, size=size)
    connection: Any = db.session.connection().connection.driver_connection
    rows = source.rows(lambda done: report("reading", done=done, size=size))
    next(rows)
    count = intake.copy(connection, document, rows, places,
                        {"batch": batch, "date_style": told["dates"]} | told["constants"])
    report("judging", rows=count)
    if told["unit"] == "toman":
        _to_rials(connection, document, batch)
    sample = _sample(connection, document, batch, fields)
    tables = [document]
    if told["creates_parties"]:
        tables += ["party", "account"]
        connection.execute("select inbox.propose_parties(%s, %s)", [document, batch])
    counts = connection.execute("select * from inbox.process(%s)", [batch]).fetchall()
    reasons = connection.execute(
        sql.SQL("select r.reason_code, count(*), min(r.reason) from inbox.{} as r"
                " where r.batch = %s and r.reason is not null group by 1 order by 2 desc limit 20"
                ).format(table), [batch]).fetchall()
    rows = source.rows()
    next(rows)
    with (upload.folder / "rest").open("w") as file:
        for number, cells, reason, codes in intake.rejected(connection, document, batch, rows):
            file.write(json.dumps(
                {"row": number, "fields": cells, "reason": reason, "codes": codes}) + "\n")
    # Who put the file here has what is left of it: nothing of it waits in the inbox.
    for each in tables:
        connection.execute(sql.SQL("delete from inbox.{} where batch = %s").format(
            sql.Identifier(each)), [batch])
    if is_kept:
        db.session.commit()
    return {"rows": count, "counts": counts, "reasons": reasons, "sample": sample,
            "fields": fields}


def _to_rials(connection: psycopg.Connection[Any], document: str, batch: str) -> None:
    """Turn amounts that are written in tomans into rials, where they are of that currency."""
    column = "credit_limit" if document == "account" else "amount"
    known = sql.SQL(
        "(select a.currency from ref.account as a where a.account_id::text"
        " = inbox.clean(r.account_id))" if document != "account" else "null")
    connection.execute(
        sql.SQL("update inbox.{} as r set {column} = (inbox.try_number(r.{column}) * 10)::text"
                " where r.batch = %s and inbox.try_number(r.{column}) > 0"
                " and coalesce({known}, upper(inbox.clean(r.currency)), 'IRR') = 'IRR'").format(
            sql.Identifier(document), column=sql.Identifier(column), known=known),
        [batch])


def _sample(
    connection: psycopg.Connection[Any], document: str, batch: str, fields: list[str]
) -> list[dict[str, Any]]:
    """Return the first rows, each field as it was written and as it reads."""
    known = [row[0] for row in connection.execute(
        "select attname from pg_attribute where attrelid = format('inbox.%%I', %s::text)::regclass"
        " and attnum > 0 order by attnum", [f"{document}_reading"])]
    read = [field for field in fields if field in known]
    written = sql.SQL(", ").join(sql.SQL("r.{}").format(sql.Identifier(each)) for each in fields)
    reads = sql.SQL(", ").join(
        sql.SQL("v.{}").format(sql.Identifier(each)) for each in ["inbox_id", *read])
    found = connection.execute(
        sql.SQL("select r.row_no, {written}, {reads} from inbox.{table} as r"
                " join inbox.{view} as v on v.inbox_id = r.inbox_id"
                " where r.inbox_id in (select f.inbox_id from inbox.{table} as f"
                " where f.batch = %s order by f.inbox_id limit {limit})"
                " order by r.inbox_id").format(
            written=written, reads=reads, table=sql.Identifier(document),
            view=sql.Identifier(f"{document}_reading"), limit=sql.Literal(SHOWN)),
        [batch]).fetchall()
    shown = []
    for row in found:
        values = dict(zip(read, row[len(fields) + 2:], strict=True))
        shown.append({"row": row[0], "cells": [
            {"written": text, "reads": _typed(values[field]) if field in values else None,
             "is_read": field in values} for field, text in zip(fields, row[1:], strict=False)]})
    return shown


def _typed(value: Any) -> Any:
    """Return a value so that JSON keeps what kind it is."""
    return value if value is None or isinstance(value, str | bool | int) else {
        type(value).__name__: str(value)}


def _born(pid: int) -> float | None:
    try:
        return float(psutil.Process(pid).create_time())
    except psutil.Error:
        return None


def _lives(state: Mapping[str, Any]) -> bool:
    return _born(state["pid"]) == state["born"]
