"""The desk on a demo book: a client without a browser, a real server, and a real Chromium."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
import waitress
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.security import generate_password_hash

from desk_client import AUDITOR, ENGLISH, FINANCE, Client, running
from rasid_cli import demo, screenshots, user


@pytest.fixture(scope="session")
def demo_template(template: str, make_database: Callable[..., str]) -> str:
    """Address of a database with the demo book and three logins, to be cloned."""
    address = make_database(template)
    with psycopg.connect(address, autocommit=True) as connection:
        demo.load(connection)
        user.make(connection, *FINANCE, full_name="سارا احمدی")
        user.make(connection, *AUDITOR, full_name="Audit", role="auditor", language="en")
        user.make(connection, *ENGLISH, full_name="John", language="en")
        connection.execute("update desk.login set calendar = 'gregorian' where language = 'en'")
        # As many tests log in, with hashes that take no time; that of `user.make` is tested alone.
        for name, password in (FINANCE, AUDITOR, ENGLISH):
            connection.execute("update desk.login set password_hash = %s where name = %s",
                               [generate_password_hash(password, "pbkdf2:sha256:1"), name])
        connection.execute("select calc.refresh()")
    return address


@pytest.fixture(scope="session")
def read_book(demo_template: str, make_database: Callable[..., str]) -> str:
    """Address of a demo book that all tests share: they only read."""
    return make_database(demo_template)


@pytest.fixture(scope="session")
def read_app(read_book: str) -> Iterator[Flask]:
    with running(read_book) as app:
        yield app


@pytest.fixture(scope="session")
def reader(read_app: Flask) -> Client:
    """Sara of the finance desk, on the shared book: nothing may be changed."""
    return Client(read_app, *FINANCE)


@pytest.fixture
def book(demo_template: str, make_database: Callable[..., str]) -> str:
    """Address of a demo book of the test's own."""
    return make_database(demo_template)


@pytest.fixture
def app(book: str) -> Iterator[Flask]:
    """Application on the test's own book."""
    with running(book) as made:
        yield made


@pytest.fixture
def sara(app: Flask) -> Client:
    """Sara of the finance desk, who reads Persian."""
    return Client(app, *FINANCE)


@pytest.fixture
def auditor(app: Flask) -> Client:
    """Somebody who only reads."""
    return Client(app, *AUDITOR)


@pytest.fixture
def sql(book: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection to the test's own book, past the desk."""
    with psycopg.connect(book, autocommit=True) as connection:
        yield connection


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve on a free port of this machine; the address."""
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=8)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        # By the thread that watches the sockets: it stumbles over one that is closed beside it.
        server.trigger.pull_trigger(server.close)
        thread.join(5)


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """Address of a real server on the test's own book."""
    with served(app) as address:
        yield address


@pytest.fixture(scope="session")
def read_site(read_app: Flask) -> Iterator[str]:
    """Address of a real server on the shared book."""
    with served(read_app) as address:
        yield address


def chromium() -> str | None:
    """Program of a Chromium: the machine's, or Debian's, installed when root asks."""
    try:
        return screenshots.chromium()
    except FileNotFoundError:
        if os.geteuid() != 0 or not shutil.which("apt-get"):
            return None
        for command in (["apt-get", "update", "-qq"],
                        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"]):
            subprocess.run(command, check=False, capture_output=True,
                           env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"})
        return shutil.which("chromium")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium; tests that need one are skipped where none can be had."""
    program = chromium()
    if program is None:
        pytest.skip("no Chromium on this machine, and none could be installed"
                    " (on Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=screenshots.QUIET)
        yield started
        started.close()


@pytest.fixture
def log_in(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open a page of somebody who has logged in: `log_in(site, FINANCE, width=1280)`.

    Whatever a page says on its console, or throws, fails the test. Charts stand still: a bar that
    is still growing isn't where it is clicked.
    """
    contexts, said = [], []

    def open_page(site: str, who: tuple[str, str] = FINANCE, width: int = 1280) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, base_url=site,
                                      accept_downloads=True, reduced_motion="reduce")
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text)
                if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto("/login")
        page.fill("#name", who[0])
        page.fill("#password", who[1])
        page.click("button[type=submit]")
        page.wait_for_url(lambda url: "/login" not in url)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert said == []
