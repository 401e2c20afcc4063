"""The statement of account: the same on screen, in Excel and on paper, and true to the balance."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from openpyxl import load_workbook

from admin import statement as sheets
from desk_client import ENGLISH, Client, plain, written

Sql = psycopg.Connection[Any]


@pytest.fixture(scope="module")
def facts(read_book: str) -> Iterator[Sql]:
    with psycopg.connect(read_book, autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def account_id(facts: Sql) -> int:
    """An account with bounced cheques and more than one page of movements."""
    row = facts.execute("""
        select e.account_id from doc.cheque_event as e join ref.account as a using (account_id)
        where e.to_status = 'bounced' and a.currency = 'IRR'
          and (select count(*) from doc.invoice as i where i.account_id = e.account_id) > 60
        group by 1 order by count(*) desc, 1 limit 1
    """).fetchone()
    assert row
    return int(row[0])


def test_the_screen_tells_each_movement(reader: Client, facts: Sql, account_id: int) -> None:
    first, last = date(2026, 1, 1), date(2026, 6, 30)
    page = plain(reader.get(
        f"/customer/{account_id}/statement/?from={first}&to={last}").text)
    rows = facts.execute("select * from bi.statement(%s, %s, %s) order by row_no",
                         [account_id, first, last]).fetchall()
    balances = [written(row[-1]) for row in rows]
    body = page[page.index("<tbody>"):page.index("</tbody>")]
    shown = re.findall(r'<td class="number"><bdi[^>]*>([^<]*)</bdi></td></tr>', body)
    assert shown == balances
    then = facts.execute("select balance from bi.account_as_of(%s) where account_id = %s",
                         [last, account_id]).fetchone()
    assert then
    foot = page[page.index("<tfoot>"):page.index("</tfoot>")]
    assert written(then[0]) in foot


def test_up_to_today_it_ends_with_the_balance(reader: Client, facts: Sql, account_id: int) -> None:
    page = plain(reader.get(f"/customer/{account_id}/statement/").text)
    row = facts.execute("select balance from bi.account_as_of(calc.today())"
                        " where account_id = %s", [account_id]).fetchone()
    assert row
    assert written(row[0]) in page[page.index("<tfoot>"):page.index("</tfoot>")]


def test_days_in_the_wrong_order_or_none_at_all(reader: Client, account_id: int) -> None:
    turned = reader.get(f"/customer/{account_id}/statement/?from=1405/02/01&to=1404/02/01").text
    assert "alert-warning" in turned
    assert turned.index('value="1404/02/01"') < turned.index('value="1405/02/01"')
    wrong = reader.get(f"/customer/{account_id}/statement/?from=yesterday")
    assert wrong.status_code == 200
    assert "alert-danger" in wrong.text


def test_excel_has_numbers_in_rials(sara: Client, sql: Sql, account_id: int) -> None:
    sql.execute("update desk.login set money_unit = 'toman' where name = 'sara'")
    answer = sara.get(
        f"/customer/{account_id}/statement.xlsx?from=2026-01-01&to=2026-06-30")
    book = load_workbook(io.BytesIO(answer.data))
    answer.close()
    movements, invoices = book.worksheets
    assert movements.sheet_view.rightToLeft
    wanted = sql.execute("select debit_amount, credit_amount, balance"
                         " from bi.statement(%s, '2026-01-01', '2026-06-30') order by row_no",
                         [account_id]).fetchall()
    shown = [tuple(cell.value for cell in row[5:8]) for row in movements.iter_rows(min_row=2)]
    assert shown[:-1] == [tuple(None if x is None else int(x) for x in row) for row in wanted]
    assert shown[-1][2] == wanted[-1][2]
    count = sql.execute("select count(*) from bi.invoice_as_of('2026-06-30')"
                        " where account_id = %s and open_amount > 0", [account_id]).fetchone()
    assert invoices.max_row - 1 == (count or (0,))[0]


def test_paper_reads_in_persian(reader: Client, facts: Sql, account_id: int,
                                tmp_path: Path) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed (on Debian: apt-get install poppler-utils)")
    answer = reader.get(f"/customer/{account_id}/statement.pdf?from=2025-06-01&to=2026-06-30")
    assert answer.mimetype == "application/pdf"
    file = tmp_path / "statement.pdf"
    file.write_bytes(answer.data)
    said = subprocess.run(["pdftotext", "-layout", file, "-"], check=True, capture_output=True,
                          text=True).stdout
    pages = said.split("\f")[:-1]
    assert len(pages) > 1
    assert f"{len(pages)}" in plain(pages[-1].strip().splitlines()[-1])
    closing = facts.execute("select balance from bi.account_as_of('2026-06-30')"
                            " where account_id = %s", [account_id]).fetchone()
    assert closing
    # Digits stand in their order: groups and all.
    assert written(closing[0]).lstrip("−") in plain(said)
    assert "1404/03/11" in plain(said)  # the first day


def test_nothing_on_paper_runs_into_what_stands_beside_it(
    sara: Client, sql: Sql, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = sql.execute(
        """
        with party as (
          insert into ref.party (code, name) values ('LONG', repeat('شرکت نمونه ', 30))
          returning party_id
        )
        insert into ref.account (party_id) select party_id from party returning account_id
        """).fetchone()
    assert account
    # As large as amounts can be, and they are never cut.
    sql.execute("insert into doc.invoice (account_id, doc_no, doc_date, amount)"
                " select %s, repeat('A1-', 30), '2026-10-01', 10::numeric ^ 18 - 0.01"
                " from generate_series(1, 5)", account)
    wide, all_words = [], []
    write = sheets._Paper.cell

    def cell(self: Any, w: float, h: float, text: str, **more: Any) -> Any:
        all_words.append(text)
        if w and self.get_string_width(text) > w:
            wide.append(text)
        return write(self, w, h, text, **more)

    monkeypatch.setattr(sheets._Paper, "cell", cell)
    assert sara.get(f"/customer/{account[0]}/statement.pdf").status_code == 200
    assert wide == []
    assert any(plain(words) == written(Decimal("4999999999999999999.95")) for words in all_words)


def test_both_files_are_named_by_the_code_of_the_customer(
    reader: Client, facts: Sql, account_id: int
) -> None:
    row = facts.execute("select party_code from bi.account where account_id = %s",
                        [account_id]).fetchone()
    assert row
    for ending in ("xlsx", "pdf"):
        answer = reader.get(f"/customer/{account_id}/statement.{ending}")
        assert f"statement-{row[0]}" in answer.headers["Content-Disposition"], ending
        answer.close()


def test_paper_in_english_too(read_app: Flask, account_id: int) -> None:
    answer = Client(read_app, *ENGLISH).get(f"/customer/{account_id}/statement.pdf?to=2025-06-30")
    assert answer.status_code == 200
    assert answer.data.startswith(b"%PDF-")
