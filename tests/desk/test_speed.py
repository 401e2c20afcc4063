"""What a page costs, without a clock: statements that do not grow with the rows, and plans."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import Engine, event, select

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


def test_whose_documents_are_is_looked_up_only_where_it_is_asked(
    read_book: str, read_app: Flask
) -> None:
    """Else each document of the book is joined to its customer before a page of it is chosen."""
    documents = [view for view in lists(read_app) if view.table.schema == "doc"]
    assert documents
    with psycopg.connect(read_book) as connection:
        for view in documents:
            keys = select(*view.key_columns()).select_from(view.source())
            plan = connection.execute(f"explain {keys}")
            assert "party" not in str(plan.fetchall()), view.url


@pytest.mark.parametrize("condition", ["", "and l.salesperson_id is not distinct from 1"])
def test_the_planner_knows_how_many_lines_are_open(read_book: str, condition: str) -> None:
    """Where it expects a handful it works all of them out and sorts them, for a page of fifty."""
    query = f"select * from bi.line as l where l.is_open {condition}"
    with psycopg.connect(read_book, autocommit=True) as connection:
        connection.execute("analyze calc.line")
        connection.execute("analyze doc.invoice")
        known = connection.execute(f"select count(*) from ({query}) as l").fetchone()
        plan = connection.execute(f"explain (format json) {query}").fetchone()
    assert known
    assert plan

    assert plan[0][0]["Plan"]["Plan Rows"] >= known[0] / 30


def test_the_planner_knows_how_many_receipts_there_are(reader: Client, read_book: str) -> None:
    """Where it expects a handful it sorts every receipt, instead of walking along their days."""
    sent: list[tuple[str, Any]] = []

    def remember(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        sent.append((statement, values))

    event.listen(Engine, "before_cursor_execute", remember)
    try:
        reader.get("/receipts/")
    finally:
        event.remove(Engine, "before_cursor_execute", remember)
    ((statement, values),) = [each for each in sent if "bi.credit" in each[0]]
    with psycopg.connect(read_book, autocommit=True) as connection:
        for name in ("calc.credit", "doc.payment", "doc.cheque", "doc.set_off"):
            connection.execute(f"analyze {name}")
        known = connection.execute(
            "select count(*) from bi.credit where is_counted and value_date is not null").fetchone()
        plan = connection.execute(f"explain (format json) {statement}", values).fetchone()
    assert known
    assert plan

    (limit,) = [each for each in nodes(plan[0][0]["Plan"]) if each["Node Type"] == "Limit"]
    assert limit["Plans"][0]["Plan Rows"] >= known[0] / 30


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Return a node of a plan and all that are under it."""
    yield plan
    for each in plan.get("Plans", ()):
        yield from nodes(each)
