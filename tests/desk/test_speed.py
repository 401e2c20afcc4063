"""What a page costs, without a clock: statements that do not grow with the rows, and plans."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import Engine, event

from admin.base import Records
from desk_client import Client


@contextmanager
def counted() -> Iterator[list[str]]:
    """Collect the statements that are sent."""
    sent: list[str] = []

    def remember(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    event.listen(Engine, "before_cursor_execute", remember)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", remember)


def lists(app: Flask) -> list[Records]:
    return [view for view in app.extensions["admin"][0]._views if isinstance(view, Records)]


def test_a_list_sends_as_many_statements_for_fifty_rows_as_for_one(
    reader: Client, read_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    for view in lists(read_app):
        numbers = []
        for size in (1, 50):
            monkeypatch.setattr(view, "page_size", size)
            reader.get(f"{view.url}/")
            with counted() as sent:
                page = reader.get(f"{view.url}/")
            assert page.status_code == 200, view.url
            numbers.append(len(sent))
        assert numbers[0] == numbers[1] <= 20, view.url


OPEN_LINES = """
    explain (format json)
    select *
    from bi.line as l
    where l.is_open {}
    order by l.due_date, l.account_id, l.invoice_id, l.line_no
    limit 51
"""


@pytest.mark.parametrize("condition", ["", "and l.is_overdue", "and l.bucket = 'not_due'"])
def test_a_page_of_open_lines_is_found_along_an_index(read_book: str, condition: str) -> None:
    """The planner must see that a page is enough: it would work all open lines out otherwise."""
    with psycopg.connect(read_book, autocommit=True) as connection:
        connection.execute("analyze calc.line")
        connection.execute("analyze doc.invoice")
        # The book is small, so that a sequential scan would do: what counts is that none is needed.
        connection.execute("set enable_seqscan = off")
        connection.execute("set enable_bitmapscan = off")
        row = connection.execute(OPEN_LINES.format(condition)).fetchone()
    assert row
    nodes = list(walk(row[0][0]["Plan"]))

    assert [node for node in nodes if node.get("Index Name") == "line_open_due_idx"]
    assert not [node for node in nodes if node["Node Type"] == "Sort"]


def walk(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for below in node.get("Plans", ()):
        yield from walk(below)
