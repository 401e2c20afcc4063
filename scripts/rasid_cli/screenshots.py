"""Pictures of the main pages, of a demo book on a day that never changes, into `docs/images`."""

from __future__ import annotations

import shutil
import tempfile
import threading
from datetime import date
from pathlib import Path

import psycopg
import waitress
from playwright.sync_api import Browser, sync_playwright

import admin
from admin.database import db as desk_database
from rasid_cli import db, demo, user
from rasid_cli.migrate import migrate
from rasid_cli.server import Cluster, embedded_bindir

FOLDER = db.ROOT / "docs" / "images"
LAST_DAY = date(2026, 9, 22)
NAME, PASSWORD = "sara", "sara-secret"

# Without these Chromium looks for its maker's hosts.
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync"]

# A customer with much going on, and an invoice of theirs that more than one credit settles.
EXAMPLE = """
    select a.account_id, a.invoice_id
    from bi.allocation as a
    join bi.account as b on b.account_id = a.account_id
    where b.bounced_amount > 0 and b.open_amount > 0 and a.side = 'receivable'
    group by a.account_id, a.invoice_id
    order by count(*) desc, a.account_id
    limit 1
"""

PAGES = {
    "dashboard": "/",
    "customers": "/customers/",
    "customer": "/customer/{account}/",
    "statement": "/customer/{account}/statement",
    "invoice": "/invoice/{account}/{invoice}/",
    "settle": "/settle/{account}/",
    "calculator": "/calculator/{account}/",
    "cheque-desk": "/cheque-desk/",
    "approvals": "/approvals/",
    "import": "/import/",
    "exceptions": "/exceptions/",
    "periods": "/periods/",
}
"""Pages by the name of their picture; those of `NARROW` are taken on a phone too."""
NARROW = ("dashboard", "customer")


def chromium() -> str:
    """Return the machine's Chromium.

    :raises FileNotFoundError: there is none
    """
    for name in ("chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found:
            return found
    raise FileNotFoundError("no Chromium on this machine (on Debian: apt-get install chromium)")


def main() -> None:
    """Make a book, serve it, and take the pictures."""
    program = chromium()
    home = Path(tempfile.mkdtemp(prefix="rasid-screenshots-"))
    cluster = Cluster(embedded_bindir(), home)
    cluster.start()
    try:
        address = cluster.ensure_database("rasid")
        with psycopg.connect(address, autocommit=True) as connection:
            migrate(connection, db.tree())
            demo.load(connection, until=LAST_DAY)
            user.make(connection, NAME, PASSWORD, full_name="سارا احمدی")
            connection.execute("select calc.refresh()")
            connection.execute(
                f"alter database rasid set rasid.today = '{LAST_DAY}'")
            example = connection.execute(EXAMPLE).fetchone()
            assert example is not None  # noqa: S101
        app = admin.create_app(address, "key of the pictures")
        server = waitress.create_server(app, host="127.0.0.1", port=0)
        threading.Thread(target=server.run, daemon=True).start()
        site = f"http://127.0.0.1:{server.effective_port}"
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=program, args=QUIET)
            for width, suffix, names in ((1280, "", tuple(PAGES)), (390, "-narrow", NARROW)):
                _take(browser, site, width, suffix, names, example)
            browser.close()
        server.close()
        with app.app_context():
            desk_database.engine.dispose()
    finally:
        cluster.stop("immediate")
        shutil.rmtree(home)


def _take(
    browser: Browser, site: str, width: int, suffix: str, names: tuple[str, ...],
    example: tuple[int, int],
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, base_url=site)
    page = context.new_page()
    page.goto("/login")
    page.fill("#name", NAME)
    page.fill("#password", PASSWORD)
    page.click("button[type=submit]")
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in names:
        page.goto(PAGES[name].format(account=example[0], invoice=example[1]))
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(1200)  # charts move in
        page.screenshot(path=FOLDER / f"{name}{suffix}.png")
        print(FOLDER / f"{name}{suffix}.png")
    context.close()


if __name__ == "__main__":
    main()
