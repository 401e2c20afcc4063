"""The first page: Persian, right to left, and a clear word when the database gives no figures."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from werkzeug.test import TestResponse

import admin

MakeDatabase = Callable[..., str]


def first_page(address: str) -> TestResponse:
    return admin.create_app(address).test_client().get("/")


def test_an_empty_book_is_shown(database: str) -> None:
    page = first_page(database)
    assert page.status_code == 200
    assert '<html lang="fa" dir="rtl">' in page.text
    assert "هنوز حسابی نیست" in page.text


def test_a_database_without_rasid_says_to_migrate(make_database: MakeDatabase) -> None:
    page = first_page(make_database())
    assert page.status_code == 503
    assert "./scripts/rasid migrate" in page.text
    assert "bi.account" in page.text


def test_a_database_that_is_not_there_says_so() -> None:
    page = first_page("postgresql://nobody@127.0.0.1:1/nowhere")
    assert page.status_code == 503
    assert "پایگاه داده در دسترس نیست" in page.text


def test_the_password_is_not_shown() -> None:
    assert "secret" not in first_page("postgresql://nobody:secret@127.0.0.1:1/nowhere").text


def test_numbers_are_persian() -> None:
    assert admin.persian(Decimal("-1234567.50")) == "−۱٬۲۳۴٬۵۶۷٫۵۰"
