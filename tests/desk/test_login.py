"""Logging in: who may, who may not any more, and what a page is worth without it."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from werkzeug.security import generate_password_hash

from admin.logins import FROM_ONE_ADDRESS, MOST_FAILURES
from desk_client import AUDITOR, FINANCE, Client, token_of

Sql = psycopg.Connection[Any]


def attempt(app: Flask, name: str, password: str) -> int:
    client = app.test_client()
    token = token_of(client.get("/login"))
    return client.post("/login", data={"name": name, "password": password, "csrf_token": token}
                       ).status_code


@pytest.mark.parametrize("path", ["/", "/customers/", "/invoices/new/", "/profile",
                                  "/lookup/account?q=a", "/invoices/export/csv/"])
def test_every_page_asks_for_a_login(app: Flask, path: str) -> None:
    answer = app.test_client().get(path)
    assert answer.status_code == 302
    assert answer.location.startswith("/login?next=")


def test_one_comes_back_to_the_page_asked_for_and_nowhere_else(app: Flask) -> None:
    for wanted, reached in (("/invoices/", "/invoices/"), ("https://elsewhere.example/", "/"),
                            ("//elsewhere.example/", "/"), ("/\\elsewhere.example/", "/"),
                            ("/%09/elsewhere.example/", "/"), ("/%0d%0a/elsewhere", "/")):
        client = app.test_client()
        token = token_of(client.get("/login"))
        answer = client.post(f"/login?next={wanted}", data={
            "name": FINANCE[0], "password": FINANCE[1], "csrf_token": token})
        assert answer.location == reached


def test_a_wrong_password_is_told_in_the_readers_digits(app: Flask) -> None:
    client = app.test_client()
    answer = client.post("/login", data={
        "name": FINANCE[0], "password": "wrong", "csrf_token": token_of(client.get("/login"))})
    assert "پس از ۵ گذرواژهٔ نادرست" in answer.text


def test_wrong_passwords_lock_the_login(app: Flask, sql: Sql) -> None:
    for _ in range(MOST_FAILURES):
        assert attempt(app, FINANCE[0], "wrong") == 401
    assert attempt(app, *FINANCE) == 401
    sql.execute("update desk.login set locked_until = now() - interval '1 second'")
    assert attempt(app, *FINANCE) == 302


def test_wrong_passwords_from_one_address_have_to_wait(app: Flask) -> None:
    logged_in = Client(app, *FINANCE)
    most = int(FROM_ONE_ADDRESS.split()[0])
    assert [attempt(app, f"nobody{n}", "wrong") for n in range(most)] == [401] * most
    client = app.test_client()
    form = {"name": AUDITOR[0], "password": AUDITOR[1],
            "csrf_token": token_of(client.get("/login"))}
    answer = client.post("/login", data=form)
    assert answer.status_code == 429
    assert "از این نشانی" in answer.text
    assert logged_in.get("/customers/").status_code == 200
    assert client.post("/login", data=form, environ_base={"REMOTE_ADDR": "192.0.2.1"}
                       ).status_code == 302


def test_right_passwords_are_not_counted(app: Flask) -> None:
    for _ in range(int(FROM_ONE_ADDRESS.split()[0]) + 1):
        assert attempt(app, *FINANCE) == 302


def test_logging_out_ends_the_session_for_whoever_has_its_cookie(sara: Client, sql: Sql) -> None:
    app = sara.flask.application
    elsewhere, copied = Client(app, *FINANCE), app.test_client()
    cookie = sara.flask.get_cookie("rasid")
    assert cookie is not None
    copied.set_cookie("rasid", cookie.value)
    assert copied.get("/customers/").status_code == 200
    assert sara.post("/logout").status_code == 302
    assert copied.get("/customers/").status_code == 302
    assert elsewhere.get("/customers/").status_code == 200
    # What is too old to be read in any case is not kept for ever.
    sql.execute("update desk.ended_session set ended_at = now() - interval '13 hours'")
    elsewhere.post("/logout")
    assert sql.execute("select count(*) from desk.ended_session").fetchone() == (1,)


def test_one_who_is_disabled_is_out_at_the_next_click(sara: Client, sql: Sql) -> None:
    assert sara.get("/customers/").status_code == 200
    sql.execute("update desk.login set is_active = false where name = %s", [FINANCE[0]])
    assert sara.get("/customers/").status_code == 302
    assert attempt(sara.flask.application, *FINANCE) == 401


def test_a_form_without_its_token_is_refused(sara: Client) -> None:
    answer = sara.flask.post("/agencies/new/", data={"name": "x"})
    assert answer.status_code == 400
    assert sara.flask.post("/logout").status_code == 400


def test_what_was_typed_outlives_the_login(site: str, browser: Browser, sql: Sql) -> None:
    account = sql.execute("select min(account_id) from ref.account").fetchone()
    context = browser.new_context(base_url=site)
    page = context.new_page()

    def log_in(page: Page) -> None:
        page.fill("#name", FINANCE[0])
        page.fill("#password", FINANCE[1])
        page.click("button[type=submit]")
        page.wait_for_url(lambda url: "/login" not in url)

    page.goto("/login")
    log_in(page)
    page.goto(f"/payments/new/?account_id={account and account[0]}&doc_date=1405/08/10")
    page.fill("#amount", "۱٬۲۵۰٬۰۰۰")
    page.fill("#note", "<b>first</b>\nsecond")
    context.clear_cookies()
    page.click("form.sheet button[type=submit] >> nth=0")
    with page.expect_popup() as opened:
        page.click("main a[target=_blank]")
    log_in(opened.value)
    for _ in range(2):  # the page knows nothing of the new login before it has asked once
        page.click("main form button[type=submit]")
    page.wait_for_url("**/payments/")
    assert sql.execute("select amount, created_by from doc.payment where note = %s",
                       ["<b>first</b>\nsecond"]).fetchall() == [(1_250_000, FINANCE[0])]
    context.close()


def test_a_page_whose_script_asks_goes_on_after_a_login(sara: Client) -> None:
    here = {"Origin": "http://localhost", "Accept": "application/json"}
    path, plan = "/settle/1/effect", {"plan": '{"pins": []}'}
    refused = sara.flask.post(path, data=plan, headers=here)
    assert refused.status_code == 400
    token = refused.get_json()["token"]
    assert sara.flask.post(path, data=plan | {"csrf_token": token}, headers=here).status_code == 200
    assert sara.flask.post(path, data=plan, headers=here | {"Origin": "http://elsewhere.example"}
                           ).get_json()["token"] is None


def test_only_what_was_typed_here_is_kept(sara: Client) -> None:
    typed = {"name": "what was typed", "old": "what was typed"}
    here, there = {"Origin": "http://localhost"}, {"Origin": "http://elsewhere.example"}
    for path, headers, is_kept in (("/agencies/new/", here, True), ("/agencies/new/", there, False),
                                   ("/agencies/new/", {}, False), ("/profile", here, False)):
        answer = sara.flask.post(path, data=typed, headers=headers)
        assert answer.status_code == 400
        assert ("what was typed" in answer.text) == is_kept, (path, headers)


def test_the_password_is_changed_by_who_knows_it(sara: Client) -> None:
    app = sara.flask.application
    sara.post("/profile", {"old": "not it", "new": "another-secret", "again": "another-secret"})
    sara.post("/profile", {"old": FINANCE[1], "new": "another-secret", "again": "a typing error"})
    assert attempt(app, *FINANCE) == 302
    sara.post("/profile", {"old": FINANCE[1], "new": "another-secret", "again": "another-secret"})
    assert attempt(app, *FINANCE) == 401
    assert attempt(app, FINANCE[0], "another-secret") == 302


def test_a_new_password_ends_the_sessions_of_the_old_one(sara: Client, sql: Sql) -> None:
    app = sara.flask.application
    elsewhere = Client(app, *FINANCE)
    sara.post("/profile", {"old": FINANCE[1], "new": "another-secret", "again": "another-secret"})
    assert sara.get("/customers/").status_code == 200
    assert elsewhere.get("/customers/").status_code == 302
    sql.execute("update desk.login set password_hash = %s where name = %s",
                [generate_password_hash("given by the server's", "pbkdf2:sha256:1"), FINANCE[0]])
    assert sara.get("/customers/").status_code == 302


@pytest.mark.parametrize("key", ["", "1", "1.", "1.x", "x", "²", f"{2**70}.x"])
def test_a_session_of_nobody_is_none(app: Flask, key: str) -> None:
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = key
    assert client.get("/customers/").status_code == 302


@pytest.mark.parametrize("url", [
    "http:elsewhere.example", "http://localhost\\@elsewhere.example", "//elsewhere.example",
    "https://elsewhere.example/", "javascript:alert(1)",
])
def test_a_form_leads_back_to_no_other_site(sara: Client, sql: Sql, url: str) -> None:
    found = "select count(*) from ref.agency"
    before = sql.execute(found).fetchone()
    form = {"code": "Z9", "name": "نمایندگی تازه"}
    for answer in (sara.get("/agencies/new/", query_string={"url": url}),
                   sara.post("/agencies/new/", form, query_string={"url": url}),
                   sara.post("/agencies/new/", form | {"url": url}),
                   sara.post("/agencies/delete/", {"id": "1", "url": url})):
        assert answer.status_code == 400
        assert "elsewhere" not in answer.text
    assert sql.execute(found).fetchone() == before
    answer = sara.post("/agencies/new/", form | {"url": "/agencies/?search=a"})
    assert answer.location == "/agencies/?search=a"


def test_cookies_and_headers_are_strict(app: Flask) -> None:
    client = app.test_client()
    token = token_of(client.get("/login"))
    answer = client.post("/login", base_url="https://localhost", headers={
        "Referer": "https://localhost/login"}, data={
        "name": FINANCE[0], "password": FINANCE[1], "csrf_token": token})
    cookie = answer.headers.get("Set-Cookie", "")
    assert {"HttpOnly", "SameSite=Lax", "Secure"} <= {part.strip() for part in cookie.split(";")}
    page = client.get("/login")
    assert "script-src 'self' 'nonce-" in page.headers["Content-Security-Policy"]
    assert page.headers["X-Content-Type-Options"] == "nosniff"


def test_the_database_refuses_what_the_role_may_not(auditor: Client, sql: Sql) -> None:
    assert auditor.get("/invoices/").status_code == 200
    before = sql.execute("select count(*) from ref.agency").fetchone()
    assert auditor.post("/agencies/new/", {"name": "x"}).status_code in (302, 403)
    assert sql.execute("select count(*) from ref.agency").fetchone() == before


def test_who_wrote_is_known_to_the_database(sara: Client, sql: Sql) -> None:
    assert sara.post("/agencies/new/", {"code": "Z9", "name": "نمایندگی تازه"}).status_code == 302
    row = sql.execute("select changed_by from audit.change where table_name = 'ref.agency'"
                      " order by change_id desc limit 1").fetchone()
    assert row == (FINANCE[0],)


def test_names_are_typed_in_any_case_and_keyboard(app: Flask) -> None:
    assert attempt(app, " SARA ", FINANCE[1]) == 302
    assert attempt(app, *AUDITOR) == 302
