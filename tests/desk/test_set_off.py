"""Set-offs: all legs in one transaction, weighed while they are typed, void as a whole."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Page

from desk_client import Client
from effects import counts

Sql = psycopg.Connection[Any]


def accounts(sql: Sql, side: str, most: int) -> list[int]:
    return [row[0] for row in sql.execute(
        "select account_id from bi.account where side = %s and currency = 'IRR'"
        " and open_amount > 10000000 order by account_id limit %s", [side, most])]


def typed(owed: list[tuple[int, str]], owing: list[tuple[int, str]], **more: str
          ) -> dict[str, Any]:
    return {"receivable_account": [str(key) for key, _ in owed],
            "receivable_amount": [amount for _, amount in owed],
            "payable_account": [str(key) for key, _ in owing],
            "payable_amount": [amount for _, amount in owing]} | more


def seen_in(page: Any) -> str:
    found = re.search(r'name="seen" value="(\w+)"', page.text)
    assert found, page.text
    return found.group(1)


def test_a_set_off_of_any_parties_is_seen_saved_listed_and_voided(sara: Client, sql: Sql) -> None:
    one, two = accounts(sql, "receivable", 2)
    supplier, = accounts(sql, "payable", 1)
    legs = ([(one, "3,000,000"), (two, "۲۰۰۰۰۰۰")], [(supplier, "5000000")])
    said = {"set_off_no": "T-77", "day": "1405/06/01", "note": "تهاتر سه‌جانبه"}
    before = counts(sql)
    balances = dict(sql.execute("select account_id, balance from bi.account").fetchall())

    page = sara.post("/set-off/new/", typed(*legs) | said | {"do": "live"})
    assert "<html" not in page.text
    assert counts(sql) == before
    done = sara.post("/set-off/new/", typed(*legs) | said | {"do": "save", "seen": seen_in(page)})
    assert done.status_code == 302
    rows = sql.execute("select account_id, amount::bigint, doc_date::text, status, created_by"
                       " from doc.set_off where set_off_no = 'T-77' order by set_off_id").fetchall()
    assert rows == [(one, 3_000_000, "2026-08-23", "active", "sara"),
                    (two, 2_000_000, "2026-08-23", "active", "sara"),
                    (supplier, 5_000_000, "2026-08-23", "active", "sara")]
    now = dict(sql.execute("select account_id, balance from bi.account").fetchall())
    assert {key: balances[key] - now[key] for key in now if balances[key] != now[key]} == {
        one: 3_000_000, two: 2_000_000, supplier: 5_000_000}

    # The same number again is another's.
    again = sara.post("/set-off/new/", typed(*legs) | said | {"do": "look"})
    assert 'role="alert"' in again.text
    assert sara.get("/set-off/?search=T-77").text.count("T-77") >= 2

    page = sara.post("/set-off/void/", {"source": "manual", "number": "T-77"})
    assert sql.execute("select count(*) from doc.set_off where set_off_no = 'T-77'"
                       " and status = 'active'").fetchone() == (3,)
    done = sara.post("/set-off/void/", {"source": "manual", "number": "T-77", "do": "save",
                                        "seen": seen_in(page), "note": "به درخواست"})
    assert done.status_code == 302
    assert dict(sql.execute("select account_id, balance from bi.account").fetchall()) == balances
    assert counts(sql) == before | {"set_off": before["set_off"] + 3}


def test_sides_that_differ_are_refused_in_place_with_what_was_typed(
        sara: Client, sql: Sql) -> None:
    one, = accounts(sql, "receivable", 1)
    supplier, = accounts(sql, "payable", 1)
    before = counts(sql)
    page = sara.post("/set-off/new/", typed(
        [(one, "3,000,000")], [(supplier, "2,000,000")], set_off_no="T-78", day="1405/06/01",
        do="save", seen="x"))
    assert page.status_code == 200
    assert 'role="alert"' in page.text  # RS007
    assert 'value="3,000,000"' in page.text
    assert f'<option value="{supplier}" selected>' in page.text
    assert 'value="T-78"' in page.text
    live = sara.post("/set-off/new/", typed(
        [(one, "3,000,000")], [(supplier, "2,000,000")], set_off_no="T-78", day="1405/06/01",
        do="live"))
    assert "۱,۰۰۰,۰۰۰".replace(",", "٬") in live.text
    assert 'role="alert"' not in live.text
    for legs in (typed([(one, "abc")], [(supplier, "1")]), typed([(one, "")], [(supplier, "1")])):
        page = sara.post("/set-off/new/", legs | {"set_off_no": "T-79", "day": "1405/06/01",
                                                  "do": "save", "seen": "x"})
        assert "field-error" in page.text
    page = sara.post("/set-off/new/", typed([(one, "0")], [(supplier, "0")], set_off_no="T-79",
                                            day="1405/06/01", do="save", seen="x"))
    assert "مبلغ بیشتر از صفر نیست" in page.text
    page = sara.post("/set-off/new/", typed([(one, "1")], [(supplier, "1")], set_off_no="T-79",
                                            day="1404/12/30", do="save", seen="x"))
    assert "چنین روزی در تقویم نیست" in page.text
    assert "تاریخ را وارد کنید" not in page.text
    assert counts(sql) == before


def test_an_auditor_reads_set_offs_and_writes_none(auditor: Client, sql: Sql) -> None:
    page = auditor.get("/set-off/")
    assert page.status_code == 200
    assert "/set-off/void/" not in page.text
    assert auditor.get("/set-off/new/").status_code == 403
    assert auditor.post("/set-off/void/", {"source": "x", "number": "y"}).status_code == 403
    sql.execute("set role rasid_auditor")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        sql.execute("update doc.set_off set status = 'void'")


def test_legs_are_weighed_while_one_types(
        site: str, sql: Sql, log_in: Callable[..., Page]) -> None:
    names = [sql.execute("select party_code from bi.account where account_id = %s",
                         [accounts(sql, side, 1)[0]]).fetchone()
             for side in ("receivable", "payable")]
    page = log_in(site)
    page.goto("/set-off/new/")
    for side, name in zip(("receivable", "payable"), names, strict=True):
        assert name
        field = page.locator(f"[data-side={side}]")
        field.locator(".ts-control input").click()
        page.keyboard.type(name[0])
        field.locator(".ts-dropdown .option").first.wait_for()
        page.keyboard.press("Enter")
        field.locator("[data-amount]").first.fill("7000")
        field.locator("[data-amount]").first.press("Tab")
    page.wait_for_selector("#set-off-live .effect")
    page.click("button[value=save]")
    assert page.locator(".alert-success").is_visible()
    assert sql.execute("select count(*) from doc.set_off where amount = 7000").fetchone() == (2,)
