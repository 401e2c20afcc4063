"""Somebody at the desk without a browser, and what they get and send."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import admin
from admin.database import db

FINANCE = ("sara", "sara-secret")
AUDITOR = ("audit", "audit-secret")
ENGLISH = ("john", "john-secret")

_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789")


class Client:
    """Somebody who has logged in, and what they get and send."""

    def __init__(self, app: Flask, name: str, password: str) -> None:
        self.flask: FlaskClient = app.test_client()
        page = self.flask.get("/login")
        self.token = token_of(page)
        answer = self.flask.post(
            "/login", data={"name": name, "password": password, "csrf_token": self.token})
        assert answer.status_code == 302, answer.text
        self.token = token_of(self.flask.get("/profile"))

    def get(self, path: str, **arguments: Any) -> TestResponse:
        """Open a page, and take all of it, unless `buffered=False`."""
        return self.flask.get(path, **({"buffered": True} | arguments))

    def post(self, path: str, data: dict[str, Any] | None = None, **arguments: Any) -> TestResponse:
        """Send a form, as its page would: that of a row says what it was made from."""
        sent = {"csrf_token": self.token} | (data or {})
        form = re.fullmatch(
            r"(/\w+)/(?:edit/\?(?P<key>.+)|(?:void|move|delete)/)"
            r"|(?P<page>/holidays/.*|.+/(?=installments))(?:installments)?", path)
        if form and "seen" not in sent:
            key = form["key"] or f"id={sent.get('id')}"
            sent["seen"] = self.seen(form["page"] or f"{form[1]}/edit/?{key}")
        if path.endswith("/change") and "stood" not in sent:
            sent["stood"] = self.seen(path.removesuffix("change"), "stood")
        return self.flask.post(path, data=sent, **arguments)

    def seen(self, path: str, name: str = "seen") -> str:
        """Open the form of a row; what it says that it was made from, where there is one."""
        found = re.search(rf'name="{name}" value="([^"]+)"', self.get(path).text)
        return html.unescape(found[1]) if found else ""

    def json(self, path: str, data: dict[str, Any] | None = None) -> TestResponse:
        """Send a form as a script of the page would, for an answer in JSON."""
        return self.post(path, data, headers={"Accept": "application/json"})


def token_of(page: TestResponse) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert found
    return found.group(1)


@contextmanager
def running(address: str) -> Iterator[Flask]:
    """Make the application; its connections are closed at the end."""
    app = admin.create_app(address, "key of the tests")
    app.testing = True
    try:
        yield app
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def written(value: Decimal | int) -> str:
    """Write an amount as a Persian page does, with ASCII digits."""
    shown = f"{value:,.2f}".rstrip("0").rstrip(".")
    return shown.translate(str.maketrans(",.-", "٬٫−"))


def plain(page: str) -> str:
    """Return a page with ASCII digits."""
    return page.translate(_DIGITS)
