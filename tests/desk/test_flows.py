"""A clerk's day in a real Chromium: what is typed, what is seen, what the book then says."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import psycopg
import pytest
from playwright.sync_api import Page, expect

from desk_client import ENGLISH

LogIn = Callable[..., Page]
Sql = psycopg.Connection[Any]


@pytest.fixture
def account(sql: Sql) -> int:
    """An account of a new customer, without documents."""
    row = sql.execute(
        """
        with party as (
          insert into ref.party (code, name) values ('N-1', 'فروشگاه نمونه') returning party_id
        )
        insert into ref.account (party_id) select party_id from party returning account_id
        """
    ).fetchone()
    assert row is not None
    return int(row[0])


def one(sql: Sql, statement: str, *arguments: Any) -> Any:
    row = sql.execute(statement.encode(), arguments).fetchone()
    assert row is not None
    return row[0] if len(row) == 1 else row


def open_amount(sql: Sql, account: int) -> Decimal:
    return Decimal(one(sql, "select open_amount from bi.account where account_id = %s", account))


def enter(page: Page, path: str, **fields: str) -> None:
    """Fill in a form and save it."""
    page.goto(path)
    for name, typed in fields.items():
        page.fill(f"#{name}", typed)
    page.keyboard.press("Escape")  # the calendar of the last day, if it is open
    page.click("form.sheet button[type=submit] >> nth=0")
    expect(page.locator(".field-error")).to_have_count(0)


def test_from_an_invoice_to_a_bounced_cheque_and_back(
    site: str, log_in: LogIn, sql: Sql, account: int
) -> None:
    page = log_in(site)
    page.on("dialog", lambda dialog: dialog.accept())

    # Digits and days as they are typed in Iran.
    enter(page, f"/invoices/new/?account_id={account}", doc_no="1042", doc_date="۱۴۰۵/۰۴/۱۰",
          due_date="1405/06/08", amount="۱۰۰٬۰۰۰٬۰۰۰")
    enter(page, f"/cheques/new/?account_id={account}", serial_no="A-1", doc_date="۱۴۰۵/۰۴/۱۹",
          due_date="1405/06/20", amount="60,000,000")
    enter(page, f"/payments/new/?account_id={account}", doc_date="1405/05/01",
          amount="40000000")
    assert one(sql, "select status from bi.invoice where account_id = %s", account) == "settled"
    assert str(one(sql, "select doc_date from doc.invoice where account_id = %s", account)) == (
        "2026-07-01")

    # The number in the list leads to the page that says why.
    page.goto("/invoices/?search=1042")
    page.click("table.list a:has-text('1042')")
    expect(page.locator("main")).to_contain_text("تسویه‌شده")
    expect(page.locator("main")).to_contain_text("A-1")

    # The cheque bounces: what will reopen is shown first, and nothing is changed by looking.
    page.goto("/cheque-desk/?search=A-1")
    page.check("input[name=cheque]")
    page.select_option("#act-to", "bounced")
    page.fill("#act-day", "1405/06/21")
    page.keyboard.press("Escape")
    page.click("#act button[type=submit]")
    expect(page.locator("main")).to_contain_text("1042")
    expect(page.locator("main")).to_contain_text("۶۰٬۰۰۰٬۰۰۰")
    assert open_amount(sql, account) == 0
    page.click("button[value=save]")
    page.wait_for_url("**/cheque-desk/**")
    assert open_amount(sql, account) == 60_000_000
    page.goto(f"/customer/{account}/")
    expect(page.locator("main")).to_contain_text("۶۰٬۰۰۰٬۰۰۰")

    # Money comes that belongs to the second invoice: pinned by hand, seen before it is saved.
    enter(page, f"/invoices/new/?account_id={account}", doc_no="1043", doc_date="1405/06/22",
          due_date="1405/07/22", amount="50000000")
    enter(page, f"/payments/new/?account_id={account}", doc_no="R-7", doc_date="1405/06/25",
          amount="50000000")
    first, second = (one(sql, "select invoice_id from doc.invoice where doc_no = %s", no)
                     for no in ("1042", "1043"))
    payment = one(sql, "select payment_id from doc.payment where doc_no = 'R-7'")
    page.goto(f"/settle/{account}/")
    page.check(f"input[data-invoice='{second}']")
    page.check(f"input[data-credit='payment-{payment}']")
    page.click("#settle-pin")
    expect(page.locator("#settle-effect")).to_contain_text("1043")
    assert one(sql, "select count(*) from doc.pin where account_id = %s", account) == 0
    page.click("#settle-save")
    expect(page.locator("[data-pin]")).to_have_count(1)
    assert sql.execute(
        "select invoice_id, open_amount from bi.invoice where account_id = %s order by 1",
        [account],
    ).fetchall() == [(first, 60_000_000), (second, 0)]
    assert sql.execute("select from calc.verify(%s)", [account]).fetchall() == []


def test_a_form_on_its_way_is_not_sent_twice(
    site: str, log_in: LogIn, sql: Sql, book: str, account: int
) -> None:
    page = log_in(site)
    page.goto(f"/payments/new/?account_id={account}&amount=1000")
    with psycopg.connect(book) as somebody_else:
        # The answer waits for another one's payment of the same customer.
        somebody_else.execute("insert into doc.payment (account_id, doc_date, amount)"
                              " values (%s, '2026-10-01', 5)", [account])
        page.evaluate("""() => {
            const button = document.querySelector("form.sheet button[type=submit]");
            button.click();
            setTimeout(() => button.click(), 300);
        }""")
        page.context.new_page().wait_for_timeout(600)
        somebody_else.rollback()
    page.wait_for_url("**/payments/")
    sql.execute("insert into doc.payment (account_id, doc_date, amount)"
                " values (%s, '2026-10-01', 5)", [account])  # after all that was sent
    assert one(sql, "select count(*) from doc.payment where account_id = %s", account) == 2


def test_on_a_phone_the_open_calendar_hides_nothing(
    site: str, log_in: LogIn, sql: Sql, account: int
) -> None:
    page = log_in(site, width=390)

    def top(selector: str) -> float:
        box = page.locator(selector).bounding_box()
        assert box
        return box["y"]

    page.goto(f"/cheques/new/?account_id={account}&due_date=1405/09/10&amount=1000")
    page.click("#status_date")
    page.keyboard.type("1405/09/01")
    page.locator("jdp-container .jdp-footer").click(trial=True)  # until it stands still
    assert top("#status_date") < top("jdp-container")
    page.click("form.sheet button[type=submit] >> nth=0", timeout=5000)
    page.wait_for_url("**/cheques/")
    assert one(sql, "select count(*) from doc.cheque where account_id = %s", account) == 1

    page.goto("/cheque-desk/?search=N-1")
    page.check("input[name=cheque]")
    page.select_option("#act-to", "deposited")
    page.click("#act-day")
    page.keyboard.type("1405/09/02")
    assert top("#act-day") < top("#act button[type=submit]") < top("jdp-container")
    page.click("#act button[type=submit]", timeout=5000)
    expect(page.locator("button[value=save]")).to_be_visible()


def test_the_lines_of_a_note_outlive_the_form(
    site: str, log_in: LogIn, sql: Sql, account: int
) -> None:
    # As the cheque desk writes them: a line for each deed.
    cheque = one(sql, "insert into doc.cheque (account_id, doc_date, due_date, amount, note)"
                      " values (%s, '2026-10-01', '2026-10-01', 5, E'promised\nby phone')"
                      " returning cheque_id", account)
    page = log_in(site)
    enter(page, f"/cheques/edit/?id={account},{cheque}", serial_no="A-1")
    page.wait_for_url("**/cheques/")
    assert one(sql, "select serial_no, note from doc.cheque where cheque_id = %s", cheque) == (
        "A-1", "promised\nby phone")
    enter(page, f"/cheques/edit/?id={account},{cheque}", note=" يك \n\n ۲  ")
    page.wait_for_url("**/cheques/")
    assert one(sql, "select note from doc.cheque where cheque_id = %s", cheque) == "یک\n\n2"


def test_the_calculator_finds_the_day_that_balances(
    site: str, log_in: LogIn, sql: Sql, account: int
) -> None:
    sql.execute("insert into doc.invoice (account_id, doc_no, doc_date, due_date, amount)"
                " values (%s, '7', calc.today(), calc.today() + 30, 1000)", [account])
    page = log_in(site)
    page.goto(f"/calculator/{account}/")
    page.check("#calculator-all")
    page.fill("[data-part=amount]", "1000")
    page.press("[data-part=amount]", "Tab")
    balancing = one(sql, "select to_char(day, 'YYYY') || jalali_text from ref.calendar"
                         " where day = calc.today() + 30")[4:]
    expect(page.locator("#calculator-result")).to_contain_text(
        balancing.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")))


@pytest.mark.parametrize("who", [ENGLISH, ("sara", "sara-secret")], ids=["en", "fa"])
def test_a_list_and_a_statement_are_downloaded(
    read_site: str, log_in: LogIn, read_book: str, tmp_path: Path, who: tuple[str, str]
) -> None:
    page = log_in(read_site, who)
    page.goto("/invoices/?state=void")
    with page.expect_download() as download:
        page.click(".export a[href*=xlsx]")
    file = tmp_path / "invoices.xlsx"
    download.value.save_as(file)
    sheet = openpyxl.load_workbook(file).worksheets[0]
    with psycopg.connect(read_book) as connection:
        voids = one(connection, "select count(*) from doc.invoice where status = 'void'")
        account = one(connection, "select account_id from bi.account where side = 'receivable'"
                                  " and open_amount > 0 order by 1 limit 1")
    assert sheet.max_row == voids + 1
    assert bool(sheet.sheet_view.rightToLeft) == (who != ENGLISH)

    page.goto(f"/customer/{account}/statement/")
    paper = page.request.get(str(page.get_attribute("a[href*='.pdf']", "href")))
    assert paper.body().startswith(b"%PDF-")


def test_a_file_is_looked_at_and_loaded(
    site: str, log_in: LogIn, sql: Sql, account: int, tmp_path: Path
) -> None:
    file = tmp_path / "sales.csv"
    file.write_text(
        "کد مشتری,شماره,تاریخ,مبلغ\n"
        "N-1,2001,1405/04/10,1000000\n"
        "N-1,2002,1405/04/40,2000000\n"
        "N-1,2003,۱۴۰۵/۰۴/۱۲,۳۰۰۰۰۰۰\n", encoding="utf-8")
    page = log_in(site)
    page.goto("/import/")
    page.set_input_files("#file", file)
    page.click("main button[type=submit]")
    page.wait_for_url("**/import/*/")
    page.select_option("#dates", "jalali")
    page.click("main button[type=submit]")

    # What is wrong with the second row is said before anything is there.
    page.wait_for_url("**/look")
    expect(page.locator("main")).to_contain_text("1405/04/40", timeout=20_000)
    assert one(sql, "select count(*) from doc.invoice where account_id = %s", account) == 0
    page.click("form.import-actions button[type=submit]")
    expect(page.locator("main a[href*=rest]").first).to_be_visible(timeout=20_000)
    assert sql.execute(
        "select doc_no, amount::int from doc.invoice where account_id = %s order by 1", [account],
    ).fetchall() == [("2001", 1_000_000), ("2003", 3_000_000)]


def test_a_button_below_a_lookup_is_met_by_the_first_click(
    site: str, log_in: LogIn, sql: Sql, account: int
) -> None:
    other, payment = one(sql, """
        select account_id, min(payment_id) from doc.payment group by account_id limit 1""")
    page = log_in(site)
    page.goto(f"/payments/edit/?id={other},{payment}")
    page.click("details:has(#move_to) summary")
    page.click("#move_to-ts-control")
    page.keyboard.type("N-1")
    page.click(".ts-dropdown .option >> nth=0")
    # By the mouse as it is: where the button stands while the field still has the focus.
    box = page.locator("details[open] button[type=submit]").bounding_box()
    assert box
    with page.expect_navigation():
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert one(sql, "select account_id from doc.payment where payment_id = %s", payment) == account


def test_cheques_are_typed_one_after_the_other_without_the_mouse(
    site: str, log_in: LogIn, sql: Sql, account: int
) -> None:
    page = log_in(site)
    page.goto(f"/cheques/new/?account_id={account}")
    for digit in "123":
        # The customer is known: typing begins at the first field that is empty.
        assert page.evaluate("document.activeElement.id") == "sayad_id"
        page.keyboard.type(digit * 16)
        while page.evaluate("document.activeElement.id") != "due_date":
            page.keyboard.press("Tab")
        page.keyboard.type("1405/12/15")
        page.keyboard.press("Tab")
        page.keyboard.type("1000")
        while page.evaluate("document.activeElement.name") != "_add_another":
            page.keyboard.press("Tab")
        with page.expect_navigation():
            page.keyboard.press("Enter")
    assert one(sql, "select count(*) from doc.cheque where account_id = %s", account) == 3
    page.goto("/payments/new/")
    assert page.evaluate("document.activeElement.id") == "account_id-ts-control"
