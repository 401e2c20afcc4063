"""The page of an invoice: why each allocation is there, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Page

from accessibility import serious
from desk_client import Client, plain, written

Sql = psycopg.Connection[Any]


@pytest.fixture
def account_id(sql: Sql) -> int:
    """A new account, of a policy that allocates by itself."""
    row = sql.execute("""
        with party as (
          insert into ref.party (code, name) values ('X1', 'آزمون') returning party_id
        )
        insert into ref.account (party_id, side) select party_id, 'receivable' from party
        returning account_id
    """).fetchone()
    assert row
    return int(row[0])


def make(sql: Sql, table: str, **values: Any) -> int:
    """Write a document; its id."""
    row = sql.execute(
        f"insert into doc.{table} ({', '.join(values)})"
        f" values ({', '.join(['%s'] * len(values))}) returning {table}_id",
        list(values.values())).fetchone()
    assert row
    return int(row[0])


def test_each_allocation_says_why_it_is_there(sara: Client, sql: Sql, account_id: int) -> None:
    sql.execute("select set_config('rasid.user', 'mina', false)")
    early = make(sql, "payment", account_id=account_id, amount=100, doc_date="2025-01-01",
                 doc_no="P-EARLY")
    invoice = make(sql, "invoice", account_id=account_id, amount=1000, doc_date="2025-01-10",
                   due_date="2025-02-10", doc_no="F-1")
    make(sql, "cheque", account_id=account_id, amount=300, doc_date="2025-01-15",
         due_date="2025-03-01", serial_no="C-7", bank="بانک ملت")
    make(sql, "credit_note", account_id=account_id, amount=50, doc_date="2025-01-20",
         kind="return", invoice_id=invoice, doc_no="N-1")
    pinned = make(sql, "payment", account_id=account_id, amount=70, doc_date="2025-01-05",
                  auto_allocate=False, doc_no="P-PINNED")
    sql.execute("insert into doc.pin (account_id, payment_id, invoice_id, amount, note)"
                " values (%s, %s, %s, 90, 'به گفتهٔ مشتری')", [account_id, pinned, invoice])
    reasons = sql.execute("select credit_no, reason from bi.allocation where account_id = %s"
                          " and invoice_id = %s order by 1", [account_id, invoice]).fetchall()
    assert reasons == [("C-7", "auto"), ("N-1", "linked"), ("P-EARLY", "auto"),
                       ("P-PINNED", "pin")]

    page = plain(sara.get(f"/invoice/{account_id}/{invoice}/").text)
    assert "قدیمی‌ترین صورتحساب باز بود" in page  # the cheque, in its turn
    assert "همین صورتحساب را نام برده است" in page  # the return
    assert "تخصیص‌نیافته مانده بود" in page  # the money that was there before
    assert "mina" in page
    assert "به گفتهٔ مشتری" in page
    assert "70 داد: بیش از این باز نبود" in page  # told 90, of a payment of 70
    assert "بانک ملت" in page  # a cheque behind it that is not cleared
    figures = sql.execute("select amount, open_amount, paid_amount, committed_days, variance_days"
                          " from bi.invoice where invoice_id = %s", [invoice]).fetchone()
    assert figures
    assert [each for each in figures if written(each) not in page] == []
    assert early


def test_it_is_kept_from_allocation_and_given_back(
        sara: Client, auditor: Client, sql: Sql, account_id: int) -> None:
    invoice = make(sql, "invoice", account_id=account_id, amount=1000, doc_date="2025-01-10")
    make(sql, "payment", account_id=account_id, amount=400, doc_date="2025-01-11")
    address = f"/invoice/{account_id}/{invoice}/change"

    def now() -> Any:
        return sql.execute("select status, open_amount, auto_allocate from bi.invoice"
                           " where invoice_id = %s", [invoice]).fetchone()

    assert now() == ("partial", 600, True)
    assert sara.post(address, {"what": "block"}).status_code == 302
    assert now() == ("open", 1000, False)
    assert sara.post(address, {"what": "unblock"}).status_code == 302
    assert sara.post(address, {"what": "void"}).status_code == 302
    assert now()[0] == "void"
    assert sara.get(f"/invoice/{account_id}/{invoice}/").status_code == 200
    assert sara.post(address, {"what": "restore"}).status_code == 302
    assert now() == ("partial", 600, True)
    assert sara.post(address, {"what": "drop"}).status_code == 400
    assert sara.post(f"/invoice/{account_id}/1/change", {"what": "void"}).status_code == 404
    # Not what somebody else has made of it meanwhile; and what is written over with the same is no
    # change.
    stood = sara.seen(f"/invoice/{account_id}/{invoice}/", "stood")
    sql.execute("update doc.invoice set amount = 2000 where invoice_id = %s", [invoice])
    late = sara.post(address, {"what": "void", "stood": stood})
    assert late.status_code == 422
    assert "چیزی ذخیره نشد" in late.text
    assert now() == ("partial", 1600, True)
    sql.execute("update doc.invoice set amount = 1000 where invoice_id = %s", [invoice])
    assert sara.post(address, {"what": "block", "stood": stood}).status_code == 302
    assert sara.post(address, {"what": "unblock"}).status_code == 302
    auditor.post(address, {"what": "void"})
    assert now() == ("partial", 600, True)


def test_installments_are_written_all_or_none(sara: Client, sql: Sql, account_id: int) -> None:
    invoice = make(sql, "invoice", account_id=account_id, amount=1000, doc_date="2025-01-10")
    address = f"/invoice/{account_id}/{invoice}/installments"

    def kept() -> Any:
        return sql.execute("select line_no, due_date, amount from doc.installment"
                           " where invoice_id = %s order by 1", [invoice]).fetchall()

    plan = {"due_date": ["1404/01/10", "1404/02/10", ""], "amount": ["۴۰۰", "600", ""]}
    assert sara.post(address, plan).status_code == 302
    first = [(1, date(2025, 3, 30), 400), (2, date(2025, 4, 30), 600)]
    assert kept() == first
    assert "۲ قسط ثبت شد." in sara.get(f"/invoice/{account_id}/{invoice}/").text

    short = sara.post(address, {"due_date": ["1404/01/10", "1404/02/10", "1404/03/10"],
                                "amount": ["400", "500", "50"]})
    assert short.status_code == 422
    assert 'value="1404/03/10"' in short.text  # what was typed is still there
    assert kept() == first
    words = sara.post(address, {"due_date": ["soon"], "amount": ["1000"]})
    assert words.status_code == 422
    assert kept() == first

    assert sara.post(address, {"due_date": ["1404/05/10"], "amount": ["1,000"]}).status_code == 302
    assert kept() == [(1, date(2025, 8, 1), 1000)]
    page = plain(sara.get(f"/invoice/{account_id}/{invoice}/").text)
    assert "1404/01/10" in page[page.index('id="story-title"'):]  # what the due date was
    assert sara.post(address, {"due_date": [""], "amount": [""]}).status_code == 302
    assert kept() == []


def test_a_closed_period_asks_for_the_reason(sara: Client, sql: Sql, account_id: int) -> None:
    invoice = make(sql, "invoice", account_id=account_id, amount=1000, doc_date="2025-01-10")
    sql.execute("select ref.close_period('2025-01-31', 'month-end')")
    address = f"/invoice/{account_id}/{invoice}/change"
    refused = sara.post(address, {"what": "void"})
    assert refused.status_code == 422
    assert 'name="lock_reason"' in refused.text
    assert sara.post(address, {"what": "void", "lock_reason": "ثبت دوباره"}).status_code == 302
    assert sql.execute("select status from doc.invoice where invoice_id = %s",
                       [invoice]).fetchone() == ("void",)
    assert "ثبت دوباره" in sara.get(f"/invoice/{account_id}/{invoice}/").text


def test_no_such_invoice(reader: Client) -> None:
    assert reader.get("/invoice/1/999999999/").status_code == 404
    assert reader.get("/invoice/").status_code == 302


@pytest.mark.parametrize("width", [1280, 390])
def test_the_pages_in_a_browser(read_site: str, read_book: str, width: int,
                                log_in: Callable[..., Page]) -> None:
    with psycopg.connect(read_book) as connection:
        account_id, invoice_id = connection.execute("""
            select account_id, invoice_id from bi.allocation where is_cleared is false
            group by 1, 2 order by count(*) desc, 2 limit 1
        """).fetchone() or (0, 0)
    page = log_in(read_site, width=width)
    for path in (f"/customer/{account_id}/", f"/customer/{account_id}/?as_of=1404/12/01",
                 f"/customer/{account_id}/statement/", f"/invoice/{account_id}/{invoice_id}/",
                 "/history/", f"/history/invoice/{account_id}/{invoice_id}/"):
        page.goto(path)
        assert [(path, each["id"], each["nodes"][0]["html"]) for each in serious(page)] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_days_that_are_still_to_come_are_no_warning(
    sara: Client, sql: Sql, account_id: int
) -> None:
    invoice = make(sql, "invoice", account_id=account_id, amount=1000, doc_date="2025-01-10",
                   due_date="2100-01-10")
    page = sara.get(f"/invoice/{account_id}/{invoice}/").text
    assert "−" in page
    assert 'class="minus"' not in page
