"""The cheque desk: many cheques at once, what it does seen before, all of them or none."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Page

from admin import preview
from admin.views import cheque_desk
from desk_client import Client
from effects import assert_stands, counts

Sql = psycopg.Connection[Any]


def some(sql: Sql, status: str, most: int = 2, more: str = "") -> list[tuple[int, int]]:
    """Find cheques of customers in a state that settle something."""
    return sql.execute(
        "select account_id, cheque_id from bi.cheque where status = %s and side = 'receivable'"
        f" and currency = 'IRR' and kind = 'payment' {more} order by cheque_id limit %s",
        [status, most]).fetchall()


def act(client: Client, to: str, keys: list[tuple[int, int]], status: str, **more: str) -> Any:
    chosen = [f"{account_id}-{cheque_id}-{status}" for account_id, cheque_id in keys]
    return client.post("/cheque-desk/act/", {"to": to, "cheque": chosen} | more)


def seen_in(page: Any) -> str:
    found = re.search(r'name="seen" value="(\w+)"', page.text)
    assert found, page.text
    return found.group(1)


def status_of(sql: Sql, key: tuple[int, int]) -> Any:
    return sql.execute("select status, status_date::text, cleared_on::text from doc.cheque"
                       " where account_id = %s and cheque_id = %s", key).fetchone()


def test_a_bounce_shows_what_it_opens_again_and_does_that(sara: Client, sql: Sql) -> None:
    keys = some(sql, "deposited", 3, "and allocated_amount > 0")
    before = counts(sql)
    page = act(sara, "bounced", keys, "deposited", day="1404/12/29")
    with sara.flask:
        sara.get("/profile")
        effect = preview.effect_of(
            lambda: cheque_desk._go(
                [cheque_desk.Key(account_id=account, cheque_id=cheque, status="deposited")
                 for account, cheque in keys], "bounced", date(2026, 3, 20), None),
            {key[0] for key in keys})
    assert seen_in(page) == effect.seen
    assert effect.reopened
    for change in effect.reopened:
        assert change.opened > 0
        assert f"/invoice/{change.after.account_id}/{change.after.invoice_id}/" in page.text
    assert counts(sql) == before
    assert status_of(sql, keys[0])[0] == "deposited"

    done = act(sara, "bounced", keys, "deposited", day="1404/12/29", do="save",
               seen=seen_in(page), note="کسری موجودی")
    assert done.status_code == 302
    assert_stands(sql, effect)
    assert [status_of(sql, key) for key in keys] == [("bounced", "2026-03-20", None)] * 3
    after = counts(sql)
    assert after == before | {"cheque_event": before["cheque_event"] + 3}
    assert sql.execute("select note from doc.cheque where account_id = %s and cheque_id = %s",
                       keys[0]).fetchone()[0].endswith("کسری موجودی")  # type: ignore[index]


def test_all_or_none_and_each_refused_one_is_told(sara: Client, sql: Sql) -> None:
    good, bad = some(sql, "in_hand", 1)[0], some(sql, "cleared", 1)[0]
    before = counts(sql)
    page = sara.post("/cheque-desk/act/", {"to": "returned", "cheque": [
        f"{good[0]}-{good[1]}-in_hand", f"{bad[0]}-{bad[1]}-cleared"]})
    assert page.status_code == 200
    assert page.text.count('class="is-refused"') == 1
    assert 'name="seen"' not in page.text
    assert counts(sql) == before
    assert status_of(sql, good)[0] == "in_hand"


def test_a_cheque_that_somebody_else_moved_is_left_alone(sara: Client, sql: Sql) -> None:
    keys = some(sql, "in_hand", 2)
    seen = seen_in(act(sara, "deposited", keys, "in_hand"))
    sql.execute("update doc.cheque set status = 'deposited', status_date = '2026-01-01'"
                " where account_id = %s and cheque_id = %s", keys[0])
    page = act(sara, "deposited", keys, "in_hand", do="save", seen=seen)
    assert page.status_code == 200
    assert 'role="alert"' in page.text
    assert status_of(sql, keys[0])[1] == "2026-01-01"
    assert status_of(sql, keys[1])[0] == "in_hand"


def test_an_endorsed_cheque_has_a_second_row_that_goes_with_it(sara: Client, sql: Sql) -> None:
    key = some(sql, "in_hand", 1, "and sayad_id is not null and due_date > calc.today()")[0]
    supplier = sql.execute("select account_id from bi.account where side = 'payable'"
                           " and currency = 'IRR' order by open_amount desc limit 1").fetchone()
    assert supplier
    page = act(sara, "endorsed", [key], "in_hand")
    assert 'name="seen"' not in page.text  # to whom is still to be said
    seen = seen_in(act(sara, "endorsed", [key], "in_hand", account_id=str(supplier[0])))
    done = act(sara, "endorsed", [key], "in_hand", account_id=str(supplier[0]), do="save",
               seen=seen)
    assert done.status_code == 302
    half = sql.execute("""
        select o.account_id, o.cheque_id, o.status, o.amount = q.amount and o.due_date = q.due_date
        from doc.cheque as q
        join doc.cheque as o on o.sayad_id = q.sayad_id and o.account_id <> q.account_id
        where q.account_id = %s and q.cheque_id = %s
    """, key).fetchone()
    assert half
    assert half[0] == supplier[0]
    assert half[2:] == ("in_hand", True)
    page = act(sara, "bounced", [key], "endorsed")
    assert act(sara, "bounced", [key], "endorsed", do="save", seen=seen_in(page)
               ).status_code == 302
    assert status_of(sql, key)[0] == "bounced"
    assert status_of(sql, half[:2])[0] == "bounced"
    assert sql.execute("select count(*) from bi.exception where rule = 'endorsed_half_bounced'"
                       " and document_id = any(%s)", [[key[1], half[1]]]).fetchone() == (0,)
    assert counts(sql)["wrong"] == 0


def test_a_cheque_is_spent_to_a_supplier_in_its_own_currency(sara: Client, sql: Sql) -> None:
    key = some(sql, "in_hand", 1)[0]
    foreign = (sql.execute("insert into ref.account (party_id, side, currency)"
                           " select party_id, 'payable', 'EUR' from ref.account"
                           " where account_id = %s returning account_id", [key[0]]
                           ).fetchone() or [0])[0]
    ours = (sql.execute("insert into ref.account (party_id, side)"
                        " select party_id, 'payable' from ref.account where account_id = %s"
                        " on conflict (party_id, side, currency) do update set note = null"
                        " returning account_id", [key[0]]).fetchone() or [0])[0]
    given = (sql.execute("insert into doc.cheque (account_id, doc_date, due_date, amount)"
                         " values (%s, '2026-09-01', '2026-12-01', 5) returning cheque_id", [ours]
                         ).fetchone() or [0])[0]
    # Neither for so many euros, nor to a customer, nor a cheque of our own.
    for spent, to in ((key, foreign), (key, key[0]), (key, 10**12), ((ours, given), ours)):
        page = act(sara, "endorsed", [spent], "in_hand", account_id=str(to))
        assert page.status_code == 200
        assert 'name="seen"' not in page.text
        assert 'id="account_id-error"' in page.text
    assert 'name="seen"' in act(sara, "endorsed", [key], "in_hand", account_id=str(ours)).text


def test_a_closed_period_asks_for_the_reason(sara: Client, sql: Sql) -> None:
    key = some(sql, "in_hand", 1)[0]
    sql.execute("set role rasid_finance; select ref.close_period('2026-03-20', 'test'); reset role")
    page = act(sara, "bounced", [key], "in_hand", day="1404/12/01")
    assert 'name="reason"' in page.text
    assert 'name="seen"' not in page.text
    page = act(sara, "bounced", [key], "in_hand", day="1404/12/01", reason="اشتباه ثبت")
    done = act(sara, "bounced", [key], "in_hand", day="1404/12/01", reason="اشتباه ثبت",
               do="save", seen=seen_in(page))
    assert done.status_code == 302
    assert status_of(sql, key)[0] == "bounced"


def test_the_list_and_its_counts_are_those_of_the_book(reader: Client, read_book: str) -> None:
    with psycopg.connect(read_book) as sql:
        def count(where: str) -> int:
            row = sql.execute(f"select count(*) from bi.cheque where kind = 'payment'"
                              f" and {where}").fetchone()
            assert row
            return int(row[0])

        exported = reader.get("/cheque-desk/export/csv/?state=bounced").text
        assert len(exported.splitlines()) == 1 + count("status = 'bounced'")
        page = reader.get("/cheque-desk/?state=bounced&side=receivable").text
        wanted = count("status = 'bounced' and side = 'receivable'")
        assert page.count('name="cheque"') == min(wanted, 50)
        shown = re.search(r'state=bounced[^>]*aria-current="page">[^<]*<span class="count">([^<]+)',
                          page)
        assert shown
        assert int(shown.group(1)) == wanted  # int() reads Persian digits too
        day = "2026-01-01"
        page = reader.get(f"/cheque-desk/?state=cleared&due_date_to={day}").text
        assert page.count('name="cheque"') == min(count(
            f"status = 'cleared' and due_date <= '{day}'"), 50)
        sayad, = sql.execute("select sayad_id from doc.cheque where status = 'in_hand'"  # type: ignore[misc]
                             " and kind = 'payment' and sayad_id is not null limit 1").fetchone()
        for typed in (sayad, f"{sayad[:4]} {sayad[4:8]}-{sayad[8:]}"):
            assert reader.get(f"/cheque-desk/?search={typed}").text.count('name="cheque"') >= 1
        for state in ("", "submitted", "guarantee", "void", "nonsense"):
            assert reader.get(f"/cheque-desk/?state={state}").status_code == 200


def test_an_auditor_looks_but_does_nothing(auditor: Client, sql: Sql) -> None:
    key = some(sql, "in_hand", 1)[0]
    page = auditor.get("/cheque-desk/?state=in_hand")
    assert page.status_code == 200
    assert 'name="cheque"' not in page.text
    assert act(auditor, "bounced", [key], "in_hand", do="save", seen="x").status_code == 403
    sql.execute("set role rasid_auditor")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        sql.execute("update doc.cheque set status = 'bounced' where account_id = %s"
                    " and cheque_id = %s", key)


def test_a_bounce_in_a_browser(site: str, sql: Sql, log_in: Callable[..., Page]) -> None:
    page = log_in(site)
    page.goto("/cheque-desk/?state=deposited")
    box = page.locator("input[name=cheque]").first
    account_id, cheque_id, _state = (box.get_attribute("value") or "").split("-")
    box.check()
    offered = page.locator("#act-to option").evaluate_all("all => all.map(each => each.value)")
    steps = sql.execute("select to_status from ref.cheque_transition"
                        " where from_status = 'deposited'").fetchall()
    assert set(offered) - {""} == {step for (step,) in steps}
    page.select_option("#act-to", "bounced")
    page.click("#act button[type=submit]")
    assert page.locator(".effect").is_visible()
    page.click("button[value=save]")
    assert page.locator(".alert-success").is_visible()
    assert status_of(sql, (int(account_id), int(cheque_id)))[0] == "bounced"
