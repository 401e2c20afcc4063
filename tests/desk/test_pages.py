"""Every page in a real Chromium: both languages, wide and narrow, and readable by everybody."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Page

from accessibility import serious
from desk_client import ENGLISH, FINANCE, Client
from rasid_cli.screenshots import EXAMPLE

LogIn = Callable[..., Page]

SETTLING = 60
"""Milliseconds in which the scripts of a page ask for what they need next."""

# Texts of the other script that nothing keeps apart from the line they stand in: in Persian any
# run of Latin words, in English any Persian.
MIXED = """
(pattern) => {
  const foreign = new RegExp(pattern);
  const apart = "bdi, [dir=ltr]:not(html), [lang]:not(html), option, script, style, textarea";
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    const element = walker.currentNode.parentElement;
    if (!foreign.test(text) || !element.checkVisibility()) continue;
    if (element.closest(apart)) continue;
    found.push(text.slice(0, 80));
  }
  return found;
}
"""
LATIN_WORDS = "[A-Za-z]{3,}"
PERSIAN_WORDS = "[\\u0600-\\u06EF\\u06FA-\\u06FF]{2,}"


@pytest.fixture(scope="session")
def some(read_book: str) -> dict[str, Any]:
    """Ids of a customer with much going on, and of an invoice paid by more than one credit."""
    with psycopg.connect(read_book) as connection:
        row = connection.execute(EXAMPLE).fetchone()
    assert row is not None
    return {"account": row[0], "invoice": row[1]}


def paths(page: Page, some: dict[str, Any]) -> list[str]:
    """Return every page of the menu, and those that the menu does not lead to."""
    menu = page.eval_on_selector_all("nav.menu a", "links => links.map(a => a.pathname)")
    assert len(menu) > 25
    account, invoice = some["account"], some["invoice"]
    return [
        *menu,
        f"/customer/{account}/",
        f"/invoice/{account}/{invoice}/",
        f"/settle/{account}/",
        f"/calculator/{account}/",
        f"/history/invoice/{account}/{invoice}/",
        f"/invoices/edit/?id={account},{invoice}",
        f"/invoices/new/?account_id={account}",
        "/payments/new/",
        "/cheques/new/",
        "/customers/new/",
        "/profile",
    ]


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("who", [FINANCE, ENGLISH], ids=["fa", "en"])
def test_every_page_reads_well(
    read_site: str, log_in: LogIn, some: dict[str, Any], who: tuple[str, str], width: int
) -> None:
    page = log_in(read_site, who, width)
    is_persian = who == FINANCE
    problems = []
    on_the_way: set[Any] = set()
    page.on("request", lambda asked: on_the_way.add(asked))
    page.on("requestfinished", lambda asked: on_the_way.discard(asked))
    page.on("requestfailed", lambda asked: on_the_way.discard(asked))
    for path in paths(page, some):
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        page.wait_for_timeout(SETTLING)
        while on_the_way:
            page.wait_for_timeout(SETTLING)
        html = page.locator("html")
        assert html.get_attribute("dir") == ("rtl" if is_persian else "ltr")
        assert html.get_attribute("lang") == ("fa" if is_persian else "en")
        spill = page.evaluate(
            "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth")
        if spill > 0:
            problems.append(f"{path}: {spill} px wider than the window")
        mixed = page.evaluate(MIXED, LATIN_WORDS if is_persian else PERSIAN_WORDS)
        problems += [f"{path}: {text!r} is of the other direction" for text in mixed]
        problems += [
            f"{path}: {each['id']} ({each['impact']}): {each['help']}:"
            f" {[node['html'][:120] for node in each['nodes'][:3]]}"
            for each in serious(page)
        ]
    assert problems == []


def test_the_login_page_is_in_the_language_one_chooses(read_site: str, log_in: LogIn) -> None:
    page = log_in(read_site)
    page.click("header form button")
    assert page.locator("html").get_attribute("dir") == "rtl"
    page.click("text=English")
    assert page.locator("html").get_attribute("dir") == "ltr"
    assert page.locator("h1").inner_text() == "Rasid"
    assert serious(page) == []


def test_the_sides_of_the_page_are_mirrored(read_site: str, log_in: LogIn) -> None:
    def box(page: Page, selector: str) -> Any:
        found = page.locator(selector).first.bounding_box()
        assert found
        return found

    persian = log_in(read_site, FINANCE)
    assert box(persian, "nav.menu")["x"] > box(persian, "main")["x"]
    english = log_in(read_site, ENGLISH)
    assert box(english, "nav.menu")["x"] < box(english, "main")["x"]
    assert persian.evaluate("document.fonts.check('16px Vazirmatn')")


def test_a_long_word_makes_no_page_wider_than_the_screen(
    site: str, log_in: LogIn, book: str,
) -> None:
    word = "https://files.example/" + "0123456789" * 20
    with psycopg.connect(book) as connection:
        account, invoice = connection.execute(
            """
            with party as (
              insert into ref.party (code, name) values ('LONG', %(word)s) returning party_id
            ), account as (
              insert into ref.account (party_id) select party_id from party returning account_id
            )
            insert into doc.invoice (account_id, doc_no, doc_date, amount, note)
            select account_id, %(word)s, '2026-10-01', 999999999999999, %(word)s from account
            returning account_id, invoice_id
            """, {"word": word}).fetchone() or (0, 0)
        connection.execute("insert into doc.cheque (account_id, serial_no, doc_date, due_date,"
                           " amount, note) values (%(account)s, %(word)s, '2026-10-01',"
                           " '2026-10-01', 5, %(word)s)", {"account": account, "word": word})
    page = log_in(site, width=390)

    def spill() -> int:
        return int(page.evaluate(
            "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"))

    found = {}
    for path in (
        f"/customer/{account}/", f"/customer/{account}/statement/", f"/settle/{account}/",
        f"/calculator/{account}/", f"/invoice/{account}/{invoice}/", "/history/",
        f"/history/invoice/{account}/{invoice}/", f"/invoices/edit/?id={account},{invoice}",
        f"/customers/edit/?id={account}", "/invoices/?search=LONG",
    ):
        page.goto(path)
        found[path] = spill()
        # An amount stands in one line, however long.
        assert page.eval_on_selector_all(".figure dd:not(.note) bdi[dir=ltr]", """
            each => each.filter((one) => one.getBoundingClientRect().height > 40)
              .map((one) => one.textContent)
        """) == [], path
    page.goto("/cheque-desk/?search=LONG")
    page.check("input[name=cheque]")
    page.select_option("#act-to", "bounced")
    page.click("#act button[type=submit]")
    page.wait_for_url("**/act/")
    assert {path: wide for path, wide in found.items() if wide} == {}
    assert spill() == 0


def test_on_a_phone_an_empty_list_says_so_where_it_is_seen(
    read_site: str, log_in: LogIn,
) -> None:
    page = log_in(read_site, width=390)
    for path in ("/customers/?search=zzzz", "/cheque-desk/?bank=zzzz", "/invoices/?search=zzzz"):
        page.goto(path)
        words = page.eval_on_selector("td.empty", """
            cell => {
              const range = document.createRange();
              range.selectNodeContents(cell);
              const box = range.getBoundingClientRect();
              return [box.width > 0, box.left >= 0, box.right <= innerWidth];
            }
        """)
        assert words == [True, True, True], path


def test_a_refused_form_is_gone_on_with_by_the_keyboard(read_site: str, log_in: LogIn) -> None:
    page = log_in(read_site)
    page.goto("/invoices/new/")
    page.fill("#amount", "many")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    # What was wrong is read out; the first field is the next stop, and says what it lacks.
    assert page.evaluate("document.activeElement.classList.contains('alert-danger')")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "account_id-ts-control"
    for field in ("account_id-ts-control", "amount"):
        said = page.get_attribute(f"#{field}", "aria-describedby")
        assert page.inner_text(f"#{said}")
        assert page.get_attribute(f"#{field}", "aria-invalid") == "true"
    assert page.get_attribute("#due_date", "aria-describedby") == "due_date-hint"
    assert page.inner_text("#due_date-hint")
    page.goto("/settle/1/")  # where nothing was refused yet
    assert page.evaluate("document.activeElement === document.body")


def test_where_the_keyboard_stands_is_seen(read_site: str, log_in: LogIn) -> None:
    page = log_in(read_site)
    page.emulate_media(forced_colors="active")
    page.goto("/invoices/new/")
    assert page.locator("#doc_no").is_visible()
    for where in (".find input", ".who", "#account_id-ts-control", "#doc_no", "#kind",
                  "form.sheet button >> nth=0"):
        page.focus(where)
        assert page.eval_on_selector(where, """
            element => [element, element.closest(".ts-control")].some(each => each
              && getComputedStyle(each).outlineStyle === "solid"
              && parseFloat(getComputedStyle(each).outlineWidth) >= 2)
        """), where
    page.emulate_media(forced_colors="none")
    for where in (".find input", ".who"):  # on dark ground
        page.focus(where)
        assert page.eval_on_selector(
            where, "element => getComputedStyle(element).outlineColor") == "rgb(255, 255, 255)"


def test_every_page_is_called_otherwise(reader: Client, some: dict[str, Any]) -> None:
    account, invoice = some["account"], some["invoice"]
    titles = [re.findall("<title>(.+)</title>", reader.get(path).text)[0] for path in (
        "/invoices/", "/invoices/new/", f"/invoices/edit/?id={account},{invoice}", "/customers/",
        "/customers/new/", f"/customers/edit/?id={account}", "/set-off/", "/set-off/new/",
        "/history/", f"/history/invoice/{account}/{invoice}/", f"/history/account/0/{account}/",
        "/periods/", "/periods/2026-03-20/reopen/",
        f"/customer/{account}/", f"/invoice/{account}/{invoice}/")]
    assert len(set(titles)) == len(titles)


def test_a_printed_list_has_all_its_columns(read_site: str, log_in: LogIn) -> None:
    page = log_in(read_site, width=1046)  # the sheet of the print style, less its margins
    page.emulate_media(media="print")
    for path in ("/customers/", "/invoices/", "/cheques/", "/cheque-desk/", "/open-items/",
                 "/expected/"):
        page.goto(path)
        assert page.eval_on_selector(".table-scroll", """
            box => getComputedStyle(box).overflowX === "visible"
              && box.firstElementChild.getBoundingClientRect().left >= 0
              && box.scrollWidth <= box.clientWidth
        """), path
        assert not page.locator(".row-actions").first.is_visible()
