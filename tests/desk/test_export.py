"""Lists as files: as filtered and ordered, in both languages, and whatever their length."""

from __future__ import annotations

import csv
import html
import io
import itertools
import re
import time
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import psycopg
import pytest
from flask import Flask, Response

from admin import export
from desk_client import ENGLISH, Client

ROWS = 30_000
MIB = 1024**2


def lines(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def whole(answer: Response) -> bytes:
    return b"".join(answer.iter_encoded())


def sheet(content: bytes) -> list[list[Any]]:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    try:
        return [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
    finally:
        book.close()


def test_a_list_is_exported_as_filtered_and_ordered(
    reader: Client, read_app: Flask, read_book: str
) -> None:
    with psycopg.connect(read_book) as connection:
        known = connection.execute(
            "select i.doc_no, i.amount, i.open_amount from bi.invoice as i where i.side = 'payable'"
            " order by i.doc_date desc, i.account_id desc, i.invoice_id desc").fetchall()
    assert known
    john = Client(read_app, *ENGLISH)

    text = lines(reader.get("/invoices/export/csv/?side=payable").data)
    assert text[0][0] == "شماره"
    assert [(row[0], Decimal(row[5]), Decimal(row[6])) for row in text[1:]] == known
    assert text[1][3].startswith("14")

    answer = john.get("/invoices/export/xlsx/?side=payable")
    assert answer.headers["Content-Disposition"].startswith(
        "attachment; filename*=UTF-8''Invoices%2020")
    table = sheet(answer.data)
    assert table[0][0] == "Number"
    assert [(row[0], row[5], row[6]) for row in table[1:]] == [
        (number, float(amount), float(opened)) for number, amount, opened in known]
    assert all(row[3].year > 2000 for row in table[1:])

    persian = reader.get("/invoices/export/xlsx/?side=payable")
    assert "filename*=UTF-8''%D8" in persian.headers["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(persian.data))
    assert book.active.sheet_view.rightToLeft
    assert reader.get("/invoices/export/pdf/").status_code == 404


def test_a_list_leads_to_the_file_of_what_it_shows(reader: Client) -> None:
    page = reader.get("/customers/?sort=1&desc=1&side=payable&currency=IRR").text
    link = re.search(r'href="(/customers/export/csv/[^"]+)"', page)
    assert link
    assert set(html.unescape(link[1]).partition("?")[2].split("&")) == {
        "sort=1", "desc=1", "side=payable", "currency=IRR"}


@pytest.mark.parametrize("name", ["customers", "invoices", "cheque-desk", "pins", "payment_terms"])
def test_a_list_is_ordered_by_nothing_it_does_not_offer(reader: Client, name: str) -> None:
    shown = reader.get(f"/{name}/export/csv/").data
    for column in (2, 5, 9):
        assert reader.get(f"/{name}/?sort={column}").status_code == 200
        assert reader.get(f"/{name}/export/csv/?sort={column}").data == shown


def test_what_a_spreadsheet_would_run_stays_text(read_app: Flask) -> None:
    row = ["=1+1", "+98912", "-5", "@a", "a\x0bb & <c>", None, date(2026, 1, 2), Decimal("1.50")]
    more = ["\n=1", "\uff1d1", "+5\n=1", "a=1"]
    with read_app.test_request_context():
        text = lines("".join(export._csv(["h"] * 8, [row])).encode())[1]
        beside = lines("".join(export._csv(["h"] * 4, [more])).encode())[1]
        table = sheet(whole(export.workbook("=a/b", [("=a/b", ["h"] * 8, [row])])))[1]

    assert text == ["'=1+1", "+98912", "-5", "'@a", "a\x0bb & <c>", "", "2026-01-02", "1.50"]
    assert beside == ["'\n=1", "'\uff1d1", "'+5\n=1", "a=1"]
    assert table[:6] == ["=1+1", "+98912", "-5", "@a", "a b & <c>", None]
    assert table[6].date() == date(2026, 1, 2)
    assert table[7] == 1.5


def test_a_text_too_long_for_a_cell_is_cut_and_the_rest_of_its_row_is_there(
    read_app: Flask
) -> None:
    with read_app.test_request_context():
        table = sheet(whole(export.workbook("long", [("long", ["n", "a"], [["n" * 40_000, 5]])])))
    assert table[1] == ["n" * export.CELL, 5]


def test_more_rows_than_a_sheet_has_go_on_to_the_next(
    read_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "SHEET_ROWS", 4)
    with read_app.test_request_context():
        content = whole(export.workbook("all", [("all", ["n"], [[n] for n in range(7)])]))

    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["all", "all 2", "all 3"]
    assert [cell.value for cell in book["all 2"]["A"]] == ["n", 3, 4, 5]
    assert [cell.value for cell in book["all 3"]["A"]] == ["n", 6]


def endless() -> Iterator[list[Any]]:
    for number in itertools.count():
        yield [f"INV-{number}", "شرکت بازرگانی", date(2026, 1, 1), Decimal(number), None, "باز"]


@pytest.mark.parametrize("type_", export.TYPES)
def test_a_long_export_holds_few_rows_at_once(read_app: Flask, type_: str) -> None:
    """What is held does not grow with the rows."""
    with read_app.test_request_context():
        body = itertools.islice(endless(), ROWS)
        tracemalloc.start()
        try:
            answer = export.download(type_, "long", list("abcdef"), body)
            sent = sum(len(part) for part in answer.iter_encoded())
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert sent > MIB / 2
    assert peak < 3 * MIB


def test_rows_come_from_the_database_as_they_are_asked_for(
    sql: psycopg.Connection[Any], sara: Client
) -> None:
    """The first bytes are there while the statement is still being read, as the person's role."""
    answer = sara.get("/invoices/export/csv/", buffered=False)
    first = next(answer.iter_encoded())
    found = sql.execute(
        "select state, left(query, 5) from pg_stat_activity where application_name = 'rasid desk'"
        " and state = 'idle in transaction'").fetchall()
    assert first
    assert found
    answer.close()


def test_who_comes_when_many_download_is_told_and_takes_nothing(
    book: str, app: Flask, sara: Client, sql: psycopg.Connection[Any]
) -> None:
    paths = ["/parties/export/csv/", "/exceptions/export/csv/?rule=due_before_document",
             "/invoices/export/xlsx/", "/customer/8/statement.xlsx", "/customer/8/statement.pdf"]
    cheap = ["/agencies/export/csv/", "/agencies/export/xlsx/", *paths[3:]]
    busy = ("select count(*) from pg_stat_activity where application_name = 'rasid desk'"
            " and datname = current_database() and state <> 'idle'")
    john = Client(app, *ENGLISH)
    others = [Client(app, *ENGLISH) for _ in range(export.AT_ONCE)]
    with ThreadPoolExecutor(export.AT_ONCE) as pool, psycopg.connect(book) as holding:
        holding.execute("lock table doc.invoice in access exclusive mode")
        asked = [pool.submit(each.get, "/invoices/export/csv/") for each in others]
        for _ in range(200):
            if sql.execute(busy).fetchone() == (export.AT_ONCE,):
                break
            time.sleep(0.05)
        late = [john.get(path) for path in paths]
        assert {answer.status_code for answer in late} == {503}
        assert "Try again in a minute" in late[0].text
        assert "یک دقیقهٔ دیگر" in sara.get(paths[0]).text
        assert "Others" in john.get(
            paths[0], headers={"Accept": "application/json"}).get_json()["sentence"]
        assert sql.execute(busy).fetchone() == (export.AT_ONCE,)
        assert john.get("/parties/").status_code == 200
        holding.commit()
        assert {each.result().status_code for each in asked} == {200}

    # A place comes back when all is read, when one goes away before, and when nothing came of it.
    for _ in range(export.AT_ONCE + 1):
        assert [john.get(path).status_code for path in cheap] == [200] * len(cheap)
        left = john.get("/invoices/export/csv/", buffered=False)
        assert next(left.iter_encoded())
        left.close()
        assert john.get("/invoices/export/pdf/").status_code == 404
        assert john.get("/customer/999999/statement.pdf").status_code == 404
