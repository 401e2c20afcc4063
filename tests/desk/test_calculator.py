"""The ras calculator shows what the database makes of invoices and proposed cheques."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import psycopg
from playwright.sync_api import Page

from desk_client import ENGLISH, Client

Sql = psycopg.Connection[Any]


def case(sql: Sql) -> tuple[int, list[int], int]:
    """Find an account with something open, its open invoices, and how much that is."""
    row = sql.execute("""
        select account_id, array_agg(distinct invoice_id), sum(open_amount)::bigint
        from bi.line
        where is_open and side = 'receivable' and currency = 'IRR'
        group by account_id
        having count(*) > 1 and min(due_date) > calc.today()
        order by account_id
        limit 1
    """).fetchone()
    assert row
    return row[0], row[1], row[2]


def ask(client: Client, account_id: int, invoices: list[int], *cheques: tuple[str, str]) -> Any:
    answer = client.json(f"/calculator/{account_id}/result", {"plan": json.dumps({
        "invoices": invoices,
        "cheques": [{"amount": amount, "due_date": due} for amount, due in cheques]})})
    assert answer.status_code == 200, answer.text
    return answer.json


def test_the_result_is_that_of_the_database(reader: Client, read_book: str) -> None:
    with psycopg.connect(read_book) as sql:
        account_id, invoices, amount = case(sql)
        plan = sql.execute("""
            select left_amount, settlement_ras, committed_ras, variance_days, balancing,
                   balancing_due_date, ref.jalali_text(balancing_due_date)
            from bi.plan_settlement(%s, %s, jsonb_build_array(
              jsonb_build_object('amount', 1000000, 'due_date', calc.today()),
              jsonb_build_object('amount', %s - 1000000)))
        """, [account_id, invoices, amount]).fetchone()
        today = sql.execute("select ref.jalali_text(calc.today())").fetchone()
        assert plan
        assert today
        assert plan[4] == "found"
        said = ask(reader, account_id, invoices, ("۱٬۰۰۰٬۰۰۰", today[0]),
                   (f"{amount - 1_000_000:,}", ""), ("", ""))
        assert said["balancing"] == plan[6]
        assert said["left"] is None
        shown = said["html"].translate(str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789"))
        for day in (plan[1], plan[2]):
            text = sql.execute("select ref.jalali_text(%s)", [day]).fetchone()
            assert text
            assert text[0] in shown
        # A part of it: the rest is offered as a cheque of its own.
        assert ask(reader, account_id, invoices, ("1000000", today[0]))["left"] == (
            f"{amount - 1_000_000:,}")


def test_what_is_refused_is_said_in_its_place(reader: Client, read_book: str) -> None:
    with psycopg.connect(read_book) as sql:
        account_id, invoices, _amount = case(sql)
        settled = sql.execute("select account_id, invoice_id from bi.invoice"
                              " where status = 'settled' and side = 'receivable' limit 1"
                              ).fetchone()
        foreign = sql.execute("select invoice_id from bi.line where account_id <> %s limit 1",
                              [account_id]).fetchone()
        assert settled
        assert foreign
    for said in (
        ask(reader, account_id, [foreign[0]], ("1000", "")),              # RS501
        ask(reader, settled[0], [settled[1]], ("1000", "")),              # RS502
        ask(reader, account_id, invoices, ("1000", ""), ("1000", "")),    # RS503
        ask(reader, account_id, invoices, ("", "1405/01/01")),            # RS503
        ask(reader, account_id, invoices, ("-1000", "1405/01/01")),
        ask(reader, account_id, invoices, ("1000", "1405/13/01")),
        ask(reader, account_id, invoices, ("alot", "")),
    ):
        assert 'role="alert"' in said["html"]
    assert 'role="alert"' not in ask(reader, account_id, invoices)["html"]
    assert 'role="alert"' not in ask(reader, account_id, [])["html"]


def test_the_calculator_by_keyboard_in_english(
        read_site: str, read_book: str, log_in: Callable[..., Page]) -> None:
    with psycopg.connect(read_book) as sql:
        account_id, _invoices, _amount = case(sql)
        today = sql.execute("select calc.today()::text").fetchone()
        assert today
    page = log_in(read_site, ENGLISH)
    page.goto(f"/calculator/{account_id}/")
    page.focus("#calculator-all")
    page.keyboard.press("Space")
    page.wait_for_selector("#calculator-result .figures")
    page.focus("#calculator-rows [data-part=amount]")
    page.keyboard.type("1000000")
    page.keyboard.press("Tab")
    page.keyboard.type(today[0])
    page.wait_for_selector("#calculator-rest:not([hidden])")
    page.focus("#calculator-rest")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-take-day]")
    page.focus("[data-take-day]")
    page.keyboard.press("Enter")
    day = page.locator("#calculator-rows [data-part=due_date]").last.input_value()
    assert day >= today[0]
    page.wait_for_selector("[data-take-day]", state="detached")
    assert page.locator("#calculator-result .alert-danger").count() == 0
