"""Customers and master data: party and account in one form, terms with shares, holidays, tree."""

from __future__ import annotations

import html
import re
from decimal import Decimal
from typing import Any

import psycopg

from desk_client import Client

Sql = psycopg.Connection[Any]


def test_lists_of_master_data_open_and_are_downloaded(reader: Client) -> None:
    for name in ("customers", "parties", "payment_terms", "regions", "agencies", "salespeople",
                 "currencies", "settings"):
        page = reader.get(f"/{name}/")
        assert page.status_code == 200
        assert 'role="alert"' not in page.text
        assert len(reader.get(f"/{name}/export/csv/").text.splitlines()) > 1
    for state in ("open", "overdue", "bounced", "clear"):
        page = reader.get(f"/customers/?state={state}")
        assert page.status_code == 200
        assert 'role="alert"' not in page.text


def test_customers_stand_by_name(reader: Client, read_book: str) -> None:
    with psycopg.connect(read_book) as connection:
        first = connection.execute(
            "select p.name from ref.account a join ref.party p using (party_id)"
            " order by p.name, a.account_id limit 3").fetchall()
    page = reader.get("/customers/").text
    places = [page.index(name) for (name,) in first]
    assert places == sorted(places)


def test_a_customer_is_written_whole_or_not_at_all(sara: Client, sql: Sql) -> None:
    typed = {"code": "N-1", "name": "علي كريمي", "phone": "۰۲۱-۸۸۸۸", "side": "receivable",
             "currency": "IRR", "policy": "fifo_due", "credit_limit": "۱٬۰۰۰٬۰۰۰",
             "tolerance_days": "۵", "risk_days": "30", "cheque_grace_days": "7"}
    refused = sara.post("/customers/new/", typed | {"risk_days": "9999"})
    assert refused.status_code == 200
    assert 'value="N-1"' in refused.text
    assert sql.execute("select from ref.party where code = 'N-1'").fetchone() is None
    answer = sara.post("/customers/new/", typed)
    party = sql.execute(
        "select a.account_id, p.name, p.phone, a.policy, a.credit_limit, a.tolerance_days"
        " from ref.account a join ref.party p using (party_id) where p.code = 'N-1'").fetchone()
    assert party is not None
    assert party[1:] == ("علی کریمی", "0218888", "fifo_due", Decimal(1000000), 5)
    assert answer.location == f"/customer/{party[0]}/"
    form = sara.get(f"/customers/edit/?id={party[0]}").text
    assert 'name="side"' not in form
    assert 'name="currency"' not in form
    sara.post(f"/customers/edit/?id={party[0]}", {
        "policy": "manual", "credit_limit": "", "tolerance_days": "5", "risk_days": "30",
        "cheque_grace_days": "7"})
    assert sql.execute("select policy, credit_limit from ref.account where account_id = %s",
                       [party[0]]).fetchone() == ("manual", None)


def test_a_term_is_written_with_its_shares(sara: Client, sql: Sql) -> None:
    sara.post("/payment_terms/new/", {
        "code": "T-1", "name": "two", "lines-0-days": "۳۰", "lines-0-percent": "50",
        "lines-3-days": "60", "lines-3-percent": "۵۰", "lines-4-days": "", "lines-4-percent": ""})
    term = sql.execute(
        "select payment_term_id, array_agg((days, percent)::text order by line_no)"
        " from ref.payment_term join ref.payment_term_line using (payment_term_id)"
        " where code = 'T-1' group by 1").fetchone()
    assert term is not None
    assert term[1] == ["(30,50)", "(60,50)"]
    sara.post(f"/payment_terms/edit/?id={term[0]}", {
        "code": "T-1", "name": "one", "lines-1-days": "45", "lines-1-percent": "100"})
    assert sql.execute("select line_no, days, percent from ref.payment_term_line"
                       " where payment_term_id = %s", [term[0]]).fetchall() == [(1, 45, 100)]

    used = sql.execute("select payment_term_id from doc.invoice"
                       " where payment_term_id is not null limit 1").fetchone()
    assert used is not None
    page = sara.post(f"/payment_terms/edit/?id={used[0]}", {
        "code": "T-2", "name": "of its own", "lines-0-days": "77", "lines-0-percent": "100"}).text
    link = re.search(r'href="(/payment_terms/new/\?copy[^"]+)"', page)
    assert link
    copied = sara.get(html.unescape(link[1])).text
    assert 'value="of its own"' in copied
    assert 'value="77"' in copied


def test_holidays_regions_and_settings(sara: Client, auditor: Client, sql: Sql) -> None:
    sara.post("/holidays/?month=1405/09", {"2026-11-24-is_holiday": "on",
                                           "2026-11-24-holiday_name": "تعطيل"})
    assert sql.execute(
        "select day::text, holiday_name from ref.calendar"
        " where jalali_year = 1405 and jalali_month = 9 and is_holiday"
    ).fetchall() == [("2026-11-24", "تعطیل")]
    wrong = sara.post("/holidays/?month=1405/09", {"2026-11-25-holiday_name": "typed"})
    assert 'value="typed"' in wrong.text
    assert "disabled" in auditor.get("/holidays/?month=1500/12").text

    parent = sql.execute("insert into ref.region (name) values ('آآ') returning region_id"
                         ).fetchone()
    assert parent is not None
    sara.post("/regions/new/", {"name": "ییی", "parent_id": str(parent[0]),
                                "latitude": "۳۵٫۷", "longitude": "51.4"})
    assert sql.execute("select parent_id, latitude from ref.region where name = 'ییی'"
                       ).fetchone() == (parent[0], Decimal("35.7"))
    page = sara.get("/regions/").text
    assert page.index("آآ") < page.index("ییی")
    assert '<span class="depth-1"><bdi>ییی' in page
    sara.post("/settings/edit/?id=time_zone", {"value": "Asia/Dubai"})
    assert sql.execute("select value from ref.setting").fetchone() == ("Asia/Dubai",)
