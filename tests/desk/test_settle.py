"""Settling by hand: what is seen before saving is what is saved, and looking leaves nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.test import TestResponse

from admin import preview
from admin.views.settle import Plan, Typed
from desk_client import FINANCE, Client
from effects import assert_stands, counts, state

Sql = psycopg.Connection[Any]

# An account whose oldest receipt with something left can go to an invoice that is open.
_CASE = """
    select a.account_id, l.invoice_id, c.credit_type, c.credit_id
    from bi.account as a
    join bi.line as l on l.account_id = a.account_id and l.is_open
    join bi.credit as c on c.account_id = a.account_id and c.unapplied_amount > 0
      and c.credit_type in ('payment', 'cheque')
    where a.policy = 'manual' and a.side = 'receivable' and a.currency = 'IRR'
    order by l.due_date, c.doc_date, c.credit_id
    limit 1
"""


# The demo book follows the day: on some, no account settled by hand has money left.
_MONEY = """
    insert into doc.payment (account_id, doc_date, method, amount)
    select a.account_id, calc.today(), 'transfer', 25000000
    from bi.account as a
    where a.policy = 'manual' and a.side = 'receivable' and a.currency = 'IRR'
    order by a.open_amount desc
    limit 1
"""


def case(sql: Sql) -> tuple[int, int, str]:
    sql.execute(_MONEY)
    account_id, invoice_id, kind, key = sql.execute(_CASE).fetchone()  # type: ignore[misc]
    return account_id, invoice_id, f"{kind}-{key}"


def told(answer: TestResponse) -> Any:
    """Return what was answered in JSON."""
    return json.loads(answer.text)


def plan(**said: Any) -> dict[str, str]:
    return {"plan": json.dumps(said)}


def test_looking_leaves_nothing_and_saving_makes_what_was_seen(sara: Client, sql: Sql) -> None:
    account_id, invoice_id, credit = case(sql)
    wanted = plan(pins=[{"credit": credit, "invoice": str(invoice_id), "amount": "۱٬۰۰۰"}])
    before, figures = counts(sql), state(sql, account_id)

    seen = sara.json(f"/settle/{account_id}/effect", wanted)
    assert seen.status_code == 200
    with sara.flask:
        sara.get("/profile")
        effect = preview.effect_of(
            lambda: Plan.read(account_id, "IRR", Typed.model_validate_json(wanted["plan"]))
            .write(account_id), [account_id])
    assert effect.seen == told(seen)["seen"]
    assert counts(sql) == before
    assert state(sql, account_id) == figures

    saved = sara.json(f"/settle/{account_id}/save", wanted | {"seen": told(seen)["seen"]})
    assert told(saved) == {"saved": True}
    assert_stands(sql, effect)
    row = sql.execute("select amount, created_by from doc.pin where account_id = %s"
                      " and invoice_id = %s order by pin_id desc limit 1",
                      [account_id, invoice_id]).fetchone()
    assert row == (1000, FINANCE[0])
    assert counts(sql) == before | {"pin": before["pin"] + 1}
    assert re.sub(r"\D", "", told(seen)["made"][0]) == "۱۰۰۰"


def test_pins_are_changed_split_and_taken_away(sara: Client, sql: Sql) -> None:
    account_id, invoice_id, credit = case(sql)
    other = sql.execute("select invoice_id from bi.line where account_id = %s and is_open"
                        " and invoice_id <> %s order by due_date limit 1",
                        [account_id, invoice_id]).fetchone()
    assert other

    def save(**said: Any) -> Any:
        seen = told(sara.json(f"/settle/{account_id}/effect", plan(**said)))
        answer = sara.json(f"/settle/{account_id}/save", plan(**said) | {"seen": seen["seen"]})
        assert told(answer) == {"saved": True}
        return seen

    save(pins=[{"credit": credit, "invoice": invoice_id, "amount": "700"},
               {"credit": credit, "invoice": other[0], "amount": ""}])
    first, second = sql.execute(
        "select pin_id, invoice_id, amount from doc.pin where account_id = %s"
        " order by pin_id desc limit 2", [account_id]).fetchall()[::-1]
    assert first[1:] == (invoice_id, 700)
    assert second[1:] == (other[0], None)
    given = dict(sql.execute("select pin_id, sum(amount) from bi.allocation where account_id = %s"
                             " and pin_id in (%s, %s) group by pin_id",
                             [account_id, first[0], second[0]]).fetchall())
    assert given[first[0]] == 700
    assert given[second[0]] > 0
    save(amounts={str(first[0]): "500"}, unpin=[second[0]],
         flags={f"invoice-{invoice_id}": False})
    assert sql.execute("select amount from doc.pin where pin_id = %s", [first[0]]).fetchone() == (
        500,)
    assert sql.execute("select from doc.pin where pin_id = %s", [second[0]]).fetchone() is None
    assert sql.execute("select auto_allocate from doc.invoice where account_id = %s"
                       " and invoice_id = %s", [account_id, invoice_id]).fetchone() == (False,)
    assert sql.execute("select blocked_amount > 0 from bi.account where account_id = %s",
                       [account_id]).fetchone() == (True,)


def test_what_somebody_else_changed_meanwhile_is_shown_before_it_is_saved(
        sara: Client, sql: Sql) -> None:
    account_id, invoice_id, credit = case(sql)
    wanted = plan(pins=[{"credit": credit, "invoice": invoice_id, "amount": "1000"}])
    seen = told(sara.json(f"/settle/{account_id}/effect", wanted))["seen"]
    sql.execute("insert into doc.payment (account_id, doc_date, amount)"
                " values (%s, calc.today(), 12345)", [account_id])
    before = counts(sql)
    answer = sara.json(f"/settle/{account_id}/save", wanted | {"seen": seen})
    assert told(answer)["otherwise"]
    assert told(answer)["seen"] != seen
    assert counts(sql) == before
    again = sara.json(f"/settle/{account_id}/save", wanted | {"seen": told(answer)["seen"]})
    assert told(again) == {"saved": True}
    assert counts(sql)["wrong"] == 0


def test_what_somebody_else_has_just_pinned_is_not_pinned_again(sara: Client, sql: Sql) -> None:
    account_id, invoice_id, credit = case(sql)
    wanted = plan(pins=[{"credit": credit, "invoice": invoice_id, "amount": ""}])
    seen = told(sara.json(f"/settle/{account_id}/effect", wanted))["seen"]
    before = counts(sql)
    # Two look at the same: as much as fits goes there, whoever says it once more.
    assert told(sara.json(f"/settle/{account_id}/save", wanted | {"seen": seen})) == {"saved": True}
    late = told(sara.json(f"/settle/{account_id}/save", wanted | {"seen": seen}))
    assert late["otherwise"]
    assert counts(sql)["pin"] == before["pin"] + 1


def test_refusals_are_said_and_nothing_is_saved(sara: Client, sql: Sql) -> None:
    account_id, invoice_id, credit = case(sql)
    before = counts(sql)
    # An invoice of another account, an amount that is none, an amount below 0.
    foreign = sql.execute("select invoice_id from doc.invoice where account_id <> %s limit 1",
                          [account_id]).fetchone()
    assert foreign
    for pin, said in (
        ({"credit": credit, "invoice": foreign[0], "amount": ""}, None),
        ({"credit": credit, "invoice": invoice_id, "amount": "abc"}, "این مبلغ نیست"),
        ({"credit": credit, "invoice": invoice_id, "amount": "-5"}, None),
    ):
        answer = sara.json(f"/settle/{account_id}/effect", plan(pins=[pin]))
        assert answer.status_code == 422
        assert told(answer)["sentence"]
        assert said is None or said in told(answer)["sentence"]
    assert counts(sql) == before


def test_the_page_has_each_open_line_and_each_credit_that_is_left(
    sara: Client, sql: Sql
) -> None:
    account_id, _invoice, _credit = case(sql)
    page = sara.get(f"/settle/{account_id}/").text
    for (invoice_id,) in sql.execute(
            "select distinct invoice_id from bi.line where account_id = %s and is_open",
            [account_id]):
        assert f'data-invoice="{invoice_id}"' in page
    for kind, key in sql.execute(
            "select credit_type, credit_id from bi.credit where account_id = %s and is_counted"
            " and unapplied_amount > 0 and credit_type in ('payment', 'cheque', 'set_off')",
            [account_id]):
        assert f'data-credit="{kind}-{key}"' in page
    assert sara.get("/settle/999999999/").status_code == 404


def test_an_auditor_can_not_settle_and_the_database_says_so(
        auditor: Client, sql: Sql) -> None:
    account_id, invoice_id, credit = case(sql)
    wanted = plan(pins=[{"credit": credit, "invoice": invoice_id, "amount": ""}])
    for path in ("effect", "save"):
        assert auditor.json(f"/settle/{account_id}/{path}", wanted | {"seen": "x"}
                            ).status_code == 403
    sql.execute("set role rasid_auditor")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        sql.execute("insert into doc.pin (account_id, payment_id, invoice_id) values (1, 1, 1)")


def test_a_desk_that_does_not_answer_is_told_in_words(
        site: str, sql: Sql, browser: Browser) -> None:
    account_id, invoice_id, credit = case(sql)
    context = browser.new_context(base_url=site)
    page = context.new_page()
    page.goto("/login")
    page.fill("#name", FINANCE[0])
    page.fill("#password", FINANCE[1])
    page.click("button[type=submit]")
    page.wait_for_url(f"{site}/")
    page.goto(f"/settle/{account_id}/")
    page.check(f"[data-invoice='{invoice_id}']")
    page.check(f"[data-credit='{credit}']")
    context.set_offline(True)
    page.click("#settle-pin")
    expect(page.locator("#settle-refused")).to_contain_text("میز مالی پاسخ نمی‌دهد")
    context.set_offline(False)
    page.goto("/payments/new/")
    context.clear_cookies()
    page.click("#account_id-ts-control")
    page.keyboard.type("C00")
    expect(page.locator(".no-results")).to_contain_text("ورود شما پایان یافته است")
    context.close()


def test_pins_are_made_in_a_browser_by_keyboard(
        site: str, sql: Sql, log_in: Callable[..., Page]) -> None:
    account_id, invoice_id, credit = case(sql)
    page = log_in(site)
    page.goto(f"/settle/{account_id}/")
    page.focus(f"[data-invoice='{invoice_id}']")
    page.keyboard.press("Space")
    page.focus(f"[data-credit='{credit}']")
    page.keyboard.press("Space")
    page.focus("#settle-pin")
    page.keyboard.press("Enter")
    page.keyboard.type("2500")
    page.keyboard.press("Enter")
    page.wait_for_selector("#settle-effect .effect")
    page.wait_for_selector("#settle-save:not([disabled])")
    assert re.sub(r"\D", "", page.inner_text("#settle-pins .gives")) == "۲۵۰۰"
    page.focus("#settle-save")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator(".alert-success").is_visible()
    assert sql.execute("select amount from doc.pin where account_id = %s"
                       " order by pin_id desc limit 1", [account_id]).fetchone() == (2500,)
