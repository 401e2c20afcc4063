"""The card of a customer: its figures are the database's, of now or of any day."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import event

from admin.database import db
from desk_client import Client, plain, written

Sql = psycopg.Connection[Any]

@pytest.fixture(scope="module")
def facts(read_book: str) -> Iterator[Sql]:
    with psycopg.connect(read_book, autocommit=True) as connection:
        yield connection


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """Collect the statements that the pages run."""
    said: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        said.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_the_card_shows_the_figures_of_the_account(reader: Client, facts: Sql) -> None:
    row = facts.execute("""
        select a.account_id, a.balance, a.open_amount, a.exposure_amount, a.uncleared_amount,
          a.bounced_amount, a.credit_room, a.overdue_amount, g.not_due, g.d1_30, g.over_120
        from bi.account as a join bi.aging as g using (account_id)
        where a.bounced_amount > 0 and a.credit_room is not null and a.overdue_amount > 0
        order by a.debt_depth desc limit 1
    """).fetchone()
    assert row
    account_id, *figures = row
    page = plain(reader.get(f"/customer/{account_id}/").text)
    assert [figure for figure in figures if written(figure) not in page] == []
    open_ids = facts.execute("select invoice_id from bi.invoice where account_id = %s"
                             " and open_amount > 0", [account_id]).fetchall()
    assert [key for (key,) in open_ids if f"/invoice/{account_id}/{key}/" not in page] == []
    behaviour = facts.execute("select score, bounced_count from bi.behaviour"
                              " where account_id = %s", [account_id]).fetchone()
    assert behaviour
    assert str(behaviour[0]).replace(".", "٫").removesuffix("٫0") in page
    bounced = facts.execute("select coalesce(serial_no, sayad_id) from doc.cheque where"
                            " account_id = %s and status = 'bounced' limit 1", [account_id])
    assert (bounced.fetchone() or ("",))[0] in page


def test_the_card_as_of_a_day_is_marked_and_of_that_day(reader: Client, facts: Sql) -> None:
    day = date(2026, 3, 1)
    row = facts.execute("""
        select account_id, balance, open_amount, overdue_amount, uncleared_amount
        from bi.account_as_of(%s) where overdue_amount > 0 and uncleared_amount > 0 limit 1
    """, [day]).fetchone()
    assert row
    account_id, *figures = row
    jalali = facts.execute("select ref.jalali_text(%s)", [day]).fetchone()
    assert jalali
    page = plain(reader.get(f"/customer/{account_id}/?as_of={jalali[0]}").text)
    assert "alert-warning" in page
    assert [figure for figure in figures if written(figure) not in page] == []
    later = facts.execute("select doc_no from doc.invoice where account_id = %s and doc_date > %s",
                          [account_id, day]).fetchall()
    assert later
    assert [number for (number,) in later if number in page] == []
    wrong = reader.get(f"/customer/{account_id}/?as_of=1404/13/01")
    assert wrong.status_code == 200
    assert "alert-danger" in wrong.text


def test_the_accounts_of_a_party_lead_to_each_other(reader: Client, facts: Sql) -> None:
    row = facts.execute("select array_agg(account_id) from ref.account group by party_id"
                        " having count(*) > 1 limit 1").fetchone()
    assert row
    first, *others = row[0]
    page = reader.get(f"/customer/{first}/").text
    assert all(f'href="/customer/{each}/"' in page for each in others)


def test_no_such_account_and_no_account(reader: Client) -> None:
    assert reader.get("/customer/999999999/").status_code == 404
    assert reader.get("/customer/999999999/statement/").status_code == 404
    assert reader.get("/customer/").status_code == 200


def test_a_card_of_nothing_says_that_nothing_is_measured(sara: Client, sql: Sql) -> None:
    row = sql.execute("""
        with party as (insert into ref.party (code, name) values ('N1', 'new') returning party_id)
        insert into ref.account (party_id) select party_id from party returning account_id
        """).fetchone()
    assert row is not None
    page = sara.get(f"/customer/{row[0]}/").text
    assert "چیزی برای سنجش نیست" in page
    assert "با وزن مبلغ" not in page


def test_the_timeline_is_paged_and_tells_everything_once(reader: Client, facts: Sql) -> None:
    account_id, wanted = facts.execute("""
        select account_id, count(*) + (
          select count(*) from doc.cheque_event as e where e.account_id = i.account_id
        ) + (select count(*) from bi.credit as c
             where c.account_id = i.account_id and c.credit_type <> 'cheque')
        from doc.invoice as i group by account_id having count(*) between 20 and 40
        order by 2 desc limit 1
    """).fetchone() or (0, 0)
    found, page = 0, 0
    while True:
        text = reader.get(f"/customer/{account_id}/?events={page}").text
        found += len(re.findall(r'<li class="timeline-', text))
        if 'rel="next"' not in text:
            break
        page += 1
    assert found == wanted


def test_a_card_costs_the_same_statements_whatever_it_holds(
        reader: Client, read_app: Flask, facts: Sql) -> None:
    few, many = (facts.execute(f"""
        select account_id from doc.invoice group by account_id order by count(*) {order} limit 1
    """).fetchone() for order in ("asc", "desc"))
    assert few and many
    counts = []
    for (account_id,) in (few, many):
        for path in (f"/customer/{account_id}/", f"/customer/{account_id}/statement/"):
            reader.get(path)
            with statements(read_app) as said:
                assert reader.get(path).status_code == 200
            counts.append(len(said))
    assert counts[2] - counts[0] in (0, 1, 2)  # nothing open: two less
    assert counts[3] == counts[1]
    assert max(counts) < 25


def test_forms_open_with_what_the_card_knows(sara: Client) -> None:
    page = sara.get("/invoices/new/?account_id=8&doc_date=1404/05/01").text
    assert '<option value="8" selected>' in page
    assert 'value="1404/05/01"' in page
    assert sara.get("/invoices/new/?account_id=nonsense").status_code == 200
    card = sara.get("/customer/8/").text
    assert "/invoices/new/?account_id=8" in card
    assert "/customers/edit/?id=8" in card


def test_one_who_only_reads_is_offered_no_change(auditor: Client) -> None:
    page = auditor.get("/customer/8/")
    assert page.status_code == 200
    assert "/invoices/new/" not in page.text
    assert "/settle/8/" not in page.text
    assert "/customers/edit/" not in page.text


def test_all_open_invoices_are_those_of_this_account(sara: Client, sql: Sql) -> None:
    row = sql.execute("""
        with party as (
          insert into ref.party (code, name) values ('N1', 'new') returning party_id
        )
        insert into ref.account (party_id, side)
        select party_id, unnest(array['receivable', 'payable']) from party
        returning account_id
    """).fetchone()
    assert row is not None
    sql.execute("insert into doc.invoice (account_id, doc_date, amount)"
                " select account_id, '2026-09-01', 5 from bi.account, generate_series(1, 101)"
                " where party_code = 'N1'")
    page = sara.get(f"/customer/{row[0]}/").text
    href = re.search(r'href="/invoices/(\?search=N1[^"]+)"', page)
    assert href
    found = sara.get(f"/invoices/export/csv/{html.unescape(href[1])}").text
    assert len(found.splitlines()) == 1 + 101
