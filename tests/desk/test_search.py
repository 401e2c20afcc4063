"""The search box of the lists."""

from __future__ import annotations

import re

import psycopg
import pytest

from admin import filters
from desk_client import Client


@pytest.mark.parametrize("path", ["/customers/", "/invoices/", "/payments/", "/cheques/",
                                  "/cheque-desk/"])
def test_the_search_box_finds_a_customer(reader: Client, read_book: str, path: str) -> None:
    with psycopg.connect(read_book) as sql:
        row = sql.execute("""
            select p.code, p.name from doc.cheque as q
            join doc.payment as y on y.account_id = q.account_id
            join ref.account as a on a.account_id = q.account_id
            join ref.party as p on p.party_id = a.party_id
            where q.status = 'in_hand' and q.kind = 'payment' and a.side = 'receivable'
            order by q.cheque_id limit 1
        """).fetchone()
        assert row
    for typed in row:
        page = reader.get(path, query_string={"search": typed})
        assert page.status_code == 200
        assert 'role="alert"' not in page.text
        assert "row-actions" in page.text


def test_a_word_of_many_names_finds_the_same_rows(
    reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many accounts are found another way than few: the rows and their order are the same."""
    few = shown(reader)
    assert len(few) == 2 * 50  # from the number and from the row
    monkeypatch.setattr(filters, "MANY", 1)
    assert shown(reader) == few


def shown(reader: Client) -> list[str]:
    page = reader.get("/invoices/", query_string={"search": "شرکت"})
    return re.findall(r"/invoice/\d+/\d+/", page.text)


def test_a_bank_is_found_in_any_spelling(
    sara: Client, sql: psycopg.Connection[tuple[object, ...]]
) -> None:
    sql.execute("update doc.cheque set bank = 'بانك ملي شعبه ويژه' where cheque_id = ("
                "select min(cheque_id) from doc.cheque"
                " where status = 'in_hand' and kind = 'payment')")
    for path in ("/cheques/", "/cheque-desk/"):
        for typed in ("ملی شعبه ویژه", "ملي شعبه ويژه"):
            assert "بانك ملي" in sara.get(path, query_string={"bank": typed}).text, path


def test_of_the_accounts_of_a_party_that_in_rials_is_offered_first(
    sara: Client, sql: psycopg.Connection[tuple[object, ...]]
) -> None:
    sql.execute("""
        with party as (
          insert into ref.party (code, name) values ('MANY-1', 'چند حساب') returning party_id
        )
        insert into ref.account (party_id, side, currency)
        select party_id, side, currency
        from party, unnest(array['payable', 'receivable']) as side,
          unnest(array['AED', 'EUR', 'IRR', 'USD']) as currency
    """)
    found = (sara.get("/lookup/account?q=MANY-1").json or {})["results"]
    assert [each["currency"] for each in found] == ["IRR", "AED", "EUR", "USD"] * 2
    assert found[0]["text"] == "چند حساب · MANY-1"


def test_a_customer_is_found_by_what_a_caller_says(
    sara: Client, sql: psycopg.Connection[tuple[object, ...]]
) -> None:
    sql.execute("""
        with party as (
          insert into ref.party (code, name, phone, national_id)
          values ('Ab-7', 'سرو کهن', '09120000017', '0012345679') returning party_id
        )
        insert into ref.account (party_id) select party_id from party
    """)
    for typed in ("ab-7", "09120000017", "۰۹۱۲ ۰۰۰ ۰۰۱۷", "0012345679"):
        for path in ("/customers/", "/parties/"):
            page = sara.get(path, query_string={"search": typed}).text
            assert page.count("سرو کهن") == 1, (path, typed)
    assert len((sara.get("/lookup/account?q=aB-7").json or {})["results"]) == 1
