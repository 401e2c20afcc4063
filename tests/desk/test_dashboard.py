"""The dashboard: every figure is that of the views, and what it leads to adds up to it."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from admin import labels
from desk_client import AUDITOR, ENGLISH, FINANCE, Client, plain, running, written
from rasid_cli import user

Sql = psycopg.Connection[Any]
PARTS = ("debt", "settlement", "money", "forecast", "payers")
BUCKETS = ("not_due", "d1_30", "d31_60", "d61_90", "d91_120", "over_120")


@pytest.fixture(scope="module")
def book_read(read_book: str) -> Iterator[Sql]:
    with psycopg.connect(read_book, autocommit=True) as connection:
        yield connection


class Shown:
    """What the dashboard shows with some filters."""

    def __init__(self, client: Client, query: str = "") -> None:
        self.figures: dict[str, dict[str, Any]] = {}
        self.charts: dict[str, dict[str, Any]] = {}
        for part in PARTS:
            page = client.get(f"/dashboard/{part}{query}")
            assert page.status_code == 200, page.text
            answer = json.loads(page.text)
            self.figures |= {each["name"]: each for each in answer["figures"]}
            self.charts |= answer["charts"]

    def figure(self, name: str) -> Decimal | None:
        value = self.figures[name]["value"]
        return None if value is None else Decimal(value)

    def points(self, chart: str, *columns: str) -> list[tuple[Any, ...]]:
        """Values of each row of a chart."""
        names = [each["name"] for each in self.charts[chart]["columns"]]
        return [tuple(row["values"][names.index(name)] for name in columns)
                for row in self.charts[chart]["rows"]]

    def column(self, chart: str, name: str) -> list[Decimal]:
        return [Decimal(value) for (value,) in self.points(chart, name)]


def one(sql: Sql, statement: str, values: Any = None) -> Any:
    row = sql.execute(statement, values).fetchone()
    assert row is not None
    return row[0] if len(row) == 1 else row


def rows_behind(client: Client, href: str) -> list[dict[str, str]]:
    """All rows of the list that an address leads to, by the labels of its columns."""
    path, _, query = href.partition("?")
    page = client.get(f"{path}export/csv/?{query}")
    assert page.status_code == 200, page.text
    return list(csv.DictReader(io.StringIO(page.text.removeprefix("\ufeff"))))


def total(client: Client, href: str, column: str) -> Decimal:
    with client.flask.application.test_request_context():
        label = str(labels.column(column))
    return sum((Decimal(row[label]) for row in rows_behind(client, href)), Decimal(0))


@pytest.mark.parametrize(("side", "currency"), [
    ("receivable", "IRR"), ("payable", "IRR"), ("receivable", "USD")])
def test_figures_are_those_of_the_grouped_views(
    reader: Client, book_read: Sql, side: str, currency: str,
) -> None:
    shown, whose = Shown(reader, f"?side={side}&currency={currency}"), (side, currency)

    debt = one(book_read, """
        select sum(open_amount), sum(overdue_amount),
               round(sum(debt_depth) / sum(open_amount), 2),
               round(sum(risky_amount) / sum(open_amount), 4)
        from bi.debt_by_region where side = %s and currency = %s
    """, whose)
    assert tuple(map(shown.figure, (
        "open_amount", "overdue_amount", "debt_depth_days", "risky_share"))) == debt

    aging = one(book_read, f"""
        select {', '.join(f'sum({name})' for name in BUCKETS)}
        from bi.aging where side = %s and currency = %s
    """, whose)
    assert tuple(shown.column("aging", "open_amount")) == aging

    months = book_read.execute("""
        select settlement_period_days, variance_days, paid_amount
        from bi.settlement_by_jalali_settlement_month as s
        join ref.calendar as c on c.day = calc.today()
        where side = %s and currency = %s
          and s.jalali_year * 12 + s.jalali_month > c.jalali_year * 12 + c.jalali_month - 12
        order by first_day
    """, whose).fetchall()
    found = shown.points("settlement", "settlement_period_days", "variance_days", "paid_amount")
    assert [tuple(map(Decimal, point)) for point in found] == months
    period = one(book_read, """
        select round(sum(s.settlement_money_days) / sum(s.paid_amount), 2),
               round(sum(s.variance_money_days) / sum(s.paid_amount), 2)
        from bi.settlement_by_jalali_settlement_month as s
        join ref.calendar as c on c.day = calc.today()
        where side = %s and currency = %s
          and s.jalali_year * 12 + s.jalali_month > c.jalali_year * 12 + c.jalali_month - 12
    """, whose)
    assert (shown.figure("settlement_period_days"), shown.figure("variance_days")) == period

    assert shown.figure("due_this_week") == one(book_read, """
        select coalesce(sum(q.amount), 0)
        from bi.cheque as q
        join ref.calendar as c on c.day = calc.today()
        where side = %s and currency = %s and kind = 'payment'
          and status in ('in_hand', 'deposited')
          and q.due_date >= c.day - c.weekday and q.due_date < c.day - c.weekday + 7
    """, whose)
    assert shown.figure("bounced_amount") == one(book_read, """
        select sum(bounced_amount) from bi.account where side = %s and currency = %s
    """, whose)
    assert shown.figure("collected") == one(book_read, """
        select receipt_amount from bi.collection_by_jalali_month
        where side = %s and currency = %s
        order by first_day desc limit 1
    """, whose)

    weeks = one(book_read, """
        select sum(certain_amount), sum(doubtful_amount) from bi.cash_forecast_by_week
        where side = %s and currency = %s
    """, whose)
    assert (sum(shown.column("forecast", "certain_amount")),
            sum(shown.column("forecast", "doubtful_amount"))) == weeks
    first = book_read.execute("""
        select certain_amount, doubtful_amount from bi.cash_forecast_by_week
        where side = %s and currency = %s and week_from < calc.today() + 80
        order by week_from
    """, whose).fetchall()
    found = shown.points("forecast", "certain_amount", "doubtful_amount")
    assert [tuple(map(Decimal, point)) for point in found[:len(first)]] == first

    worst = [row[0] for row in book_read.execute("""
        select lateness_days from bi.behaviour
        where side = %s and currency = %s and class <> 'no_history'
        order by lateness_days desc
    """, whose)]
    lateness = shown.column("payers", "lateness_days")
    assert lateness == (worst if len(worst) <= 16 else worst[:8] + worst[-8:])

    assert sum(shown.column("regions", "open_amount")) == debt[0]


def test_filters_apply_to_everything_and_a_region_stands_for_its_parts(
    reader: Client, book_read: Sql,
) -> None:
    province, seller, agency = one(book_read, """
        select r.parent_id, i.salesperson_id, i.agency_id
        from bi.invoice as i
        join ref.region as r on r.region_id = i.region_id
        where i.side = 'receivable' and i.currency = 'IRR' and i.salesperson_id is not null
        group by 1, 2, 3
        order by sum(i.overdue_amount) desc
        limit 1
    """)
    where = """
        side = 'receivable' and currency = 'IRR' and salesperson_id = %s and agency_id = %s
        and region_id in (select region_id from ref.region where %s in (region_id, parent_id))
    """
    narrow = (seller, agency, province)
    shown = Shown(reader, f"?region_id={province}&salesperson_id={seller}&agency_id={agency}")

    assert tuple(map(shown.figure, (
        "open_amount", "overdue_amount", "debt_depth_days", "risky_share",
    ))) == one(book_read, f"""
        select sum(open_amount), sum(overdue_amount),
               round(sum(debt_depth) / sum(open_amount), 2),
               round(sum(risky_amount) / sum(open_amount), 4)
        from bi.invoice where {where}
    """, narrow)
    period = one(book_read, f"""
        select round(sum(settlement_money_days) / sum(paid_amount), 2),
               round(sum(variance_money_days) / sum(paid_amount), 2)
        from bi.settlement
        join ref.calendar as c on c.day = calc.today()
        where {where} and jalali_settlement_year * 12 + jalali_settlement_month
          > c.jalali_year * 12 + c.jalali_month - 12
    """, narrow)
    assert (shown.figure("settlement_period_days"), shown.figure("variance_days")) == period
    assert shown.figure("bounced_amount") == one(
        book_read, f"select coalesce(sum(bounced_amount), 0) from bi.account where {where}", narrow)
    assert shown.figure("collected") == one(book_read, f"""
        select coalesce(sum(counted_amount), 0) from bi.credit
        join ref.calendar as c on c.day = calc.today()
        where {where} and credit_type in ('payment', 'cheque', 'set_off')
          and doc_date between c.day - c.jalali_day + 1 and c.day
    """, narrow)
    assert sum(shown.column("forecast", "certain_amount")) == one(
        book_read, f"select sum(certain_amount) from bi.cash_forecast where {where}", narrow)
    names = {name for (name,) in book_read.execute(
        f"select party_name from bi.behaviour where {where}", narrow)}
    assert {row["label"] for row in shown.charts["payers"]["rows"]} <= names
    towns = dict(book_read.execute(f"""
        select region_name, sum(open_amount) from bi.invoice where {where} and open_amount > 0
        group by region_name
    """, narrow).fetchall())
    found = {row["label"]: row["values"][1] for row in shown.charts["regions"]["rows"]}
    assert {name: Decimal(value) for name, value in found.items()} == towns

    every = [each["href"] for each in shown.figures.values()] + [
        row["href"] for name, chart in shown.charts.items() if name != "payers"
        for row in chart["rows"]]
    for href in every:
        assert f"salesperson_id={seller}" in href
        assert f"agency_id={agency}" in href
        assert "region_id=" in href


@pytest.mark.parametrize("query", ["", "?side=payable", "?currency=USD", "?salesperson_id=1"])
def test_what_a_figure_leads_to_adds_up_to_it(
    reader: Client, book_read: Sql, query: str,
) -> None:
    shown = Shown(reader, query)
    for name, column in (("open_amount", "open_amount"), ("overdue_amount", "open_amount"),
                         ("due_this_week", "amount"), ("bounced_amount", "bounced_amount"),
                         ("collected", "counted_amount")):
        figure = shown.figures[name]
        assert total(reader, figure["href"], column) == Decimal(figure["value"]), name
    whole = shown.figure("open_amount") or Decimal(0)
    if whole:
        risky = total(reader, shown.figures["risky_share"]["href"], "open_amount")
        assert round(risky / whole, 4) == shown.figure("risky_share")
    for chart, column, behind in (("aging", "open_amount", "open_amount"),
                                  ("regions", "open_amount", "open_amount"),
                                  ("forecast", "certain_amount", "certain_amount")):
        values = shown.column(chart, column)
        for row, value in list(zip(shown.charts[chart]["rows"], values, strict=True))[:6]:
            assert total(reader, row["href"], behind) == value, (chart, row["label"])

    # A month's settlement: its invoices, each weighing what was paid on it.
    numbers = {row[0]: row[1:] for row in book_read.execute(
        "select doc_no, paid_amount, settlement_money_days, variance_money_days from bi.invoice")}
    with reader.flask.application.test_request_context():
        label = str(labels.column("doc_no"))
    for month in shown.charts["settlement"]["rows"][-2:]:
        invoices = [numbers[each[label]] for each in rows_behind(reader, month["href"])]
        paid = sum(each[0] for each in invoices)
        assert Decimal(month["values"][3]) == paid
        assert Decimal(month["values"][0]) == round(sum(each[1] for each in invoices) / paid, 2)
        assert Decimal(month["values"][2]) == round(sum(each[2] for each in invoices) / paid, 2)

    for payer in shown.charts["payers"]["rows"]:
        assert reader.get(payer["href"]).status_code == 200


@pytest.mark.parametrize("source_type", ["line", "cheque"])
def test_a_page_of_what_is_expected_shows_the_rows_of_the_view(
    reader: Client, book_read: Sql, source_type: str,
) -> None:
    """The page finds its rows first, and looks each of them up by itself."""
    page = plain(reader.get(f"/expected/?source_type={source_type}&page=1").text)
    shown = [re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)
             for row in re.findall(r"<tr>.*?</tr>", page[page.index("<tbody"):], re.DOTALL)]
    expected = book_read.execute("""
        select coalesce(doc_no, '–'), amount, certain_amount, doubtful_amount
        from bi.cash_forecast where source_type = %s
        order by expected_on, account_id, document_id, line_no offset 50 limit 50
    """, [source_type]).fetchall()
    assert [
        (re.sub("<[^>]*>", "", row[2]).strip(),
         *(re.sub("<[^>]*>", "", cell).strip() for cell in row[6:9])) for row in shown
    ] == [(number, *(plain(written(amount)) for amount in amounts))
          for number, *amounts in expected]


def test_documents_of_a_region_itself_and_of_none_have_rows_of_their_own(
    sara: Client, sql: Sql,
) -> None:
    country = one(sql, "select region_id from ref.region where parent_id is null")
    sql.execute("""
        update doc.invoice set region_id = case when invoice_id %% 2 = 0 then %s end
        where (account_id, invoice_id) in (
          select account_id, invoice_id from bi.line
          where is_open and side = 'receivable' and currency = 'IRR' limit 40
        )
    """, [country])
    shown = Shown(sara)
    rows = {row["href"]: Decimal(row["values"][1]) for row in shown.charts["regions"]["rows"]}
    own = [href for href in rows if "region_itself=" in href or href.endswith("region_id=0")]
    assert len(own) == 2
    for href in own:
        assert rows[href] > 0
        assert total(sara, href, "open_amount") == rows[href]
    assert sum(rows.values()) == shown.figure("open_amount")


def test_what_can_not_be_read_is_said_and_left_out(reader: Client) -> None:
    page = reader.get("/?side=neither&region_id=x")
    assert page.status_code == 200
    assert page.text.count("alert-danger") == 2
    assert Shown(reader, "?side=neither").figures == Shown(reader).figures
    assert reader.get("/dashboard/nothing").status_code == 404


def test_who_only_reads_sees_the_same(read_app: Flask, reader: Client) -> None:
    other = Client(read_app, *AUDITOR)
    assert Shown(other).figure("open_amount") == Shown(reader).figure("open_amount")
    reader.get("/dashboard/debt")
    # A message for one page is not kept for another.
    assert "alert-danger" not in other.get("/").text


def test_an_empty_book_says_what_to_do_first(
    template: str, make_database: Callable[..., str],
) -> None:
    address = make_database(template)
    with psycopg.connect(address, autocommit=True) as connection:
        user.make(connection, *FINANCE, full_name="سارا")
        user.make(connection, *AUDITOR, full_name="Audit", role="auditor")
    with running(address) as app:
        page = Client(app, *FINANCE).get("/").text
        assert 'href="/import/"' in page
        assert 'href="/customers/new/"' in page
        assert "data-chart" not in page
        assert 'href="/customers/new/"' not in Client(app, *AUDITOR).get("/").text
        shown = Shown(Client(app, *FINANCE))
        assert shown.figure("open_amount") == 0
        assert shown.figure("debt_depth_days") is None
        assert all(chart["rows"] == [] for chart in shown.charts.values())


@pytest.mark.parametrize(("who", "width", "direction"), [
    (FINANCE, 1280, "rtl"), (ENGLISH, 390, "ltr")])
def test_it_is_drawn_and_leads_on_in_a_browser(
    log_in: Callable[..., Page], read_site: str, who: tuple[str, str], width: int, direction: str,
) -> None:
    page = log_in(read_site, who, width)
    page.goto("/")
    expect(page.locator("[aria-busy=true]")).to_have_count(0, timeout=60_000)
    assert page.locator("html").get_attribute("dir") == direction
    assert page.locator(".panel canvas").count() == 6
    assert page.locator("[data-figure] dd").first.inner_text() not in ("", "–")
    assert page.evaluate("document.documentElement.scrollWidth") <= width

    # The numbers of each chart, for those who do not see it, lead on by the keyboard too.
    panel = page.locator("#chart-aging")
    panel.locator("summary").focus()
    page.keyboard.press("Enter")
    assert panel.locator("tbody tr").count() == len(BUCKETS)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/open-items/?*bucket=not_due")

    page.go_back()
    expect(page.locator("[aria-busy=true]")).to_have_count(0, timeout=60_000)
    page.select_option("#bar-side", "payable")
    page.click(".bar button[type=submit]")
    page.wait_for_url("**/?side=payable*")
    expect(page.locator("[aria-busy=true]")).to_have_count(0, timeout=60_000)
    chart = page.locator("#chart-aging canvas")
    box = chart.bounding_box()
    assert box
    # The first bar is at the side where one begins to read, and stands on the bottom.
    across = box["width"] * (0.8 if direction == "rtl" else 0.28)
    chart.click(position={"x": across, "y": box["height"] * 0.82})
    page.wait_for_url("**/open-items/?side=payable*")


def test_the_payable_side_speaks_of_what_we_pay(reader: Client) -> None:
    receivable, payable = (reader.get(f"/?side={side}").text for side in ("receivable", "payable"))
    for theirs, ours in (("بدحساب‌ترین", "به آن‌ها پرداخت می‌کنیم"), ("پرداخت مشتری", "پرداخت ما")):
        assert theirs in receivable
        assert ours not in receivable
        assert ours in payable
        assert theirs not in payable
    assert "مشتری" in Shown(reader, "?side=receivable").figures["bounced_amount"]["note"]
    assert "تأمین‌کننده" in Shown(reader, "?side=payable").figures["bounced_amount"]["note"]


def test_where_nothing_is_risky_the_share_is_zero(sara: Client, sql: Sql) -> None:
    sql.execute("update ref.account set risk_days = 3000")
    shown = Shown(sara)
    assert shown.figure("open_amount")
    assert shown.figure("risky_share") == 0
