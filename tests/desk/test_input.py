"""Addresses and values that nobody means: each is answered in words, and the desk goes on."""

from __future__ import annotations

import json
import re
from typing import Any

import psycopg
import pytest
from werkzeug.datastructures import MultiDict

from desk_client import Client

Sql = psycopg.Connection[Any]

HUGE = "9" * 20
WENT_WRONG = "در میز مالی خطایی رخ داد"
DATABASE_WORDS = ("out of range", "overflows", "must not be negative", "does not exist")


def sentence(page: str) -> str:
    """Return the heading of a page that says what was wrong."""
    return page.partition("<h1>")[2].partition("</h1>")[0]


@pytest.mark.parametrize("path", [
    f"/customer/{HUGE}/", f"/invoice/{HUGE}/1/", f"/settle/{HUGE}/", f"/calculator/{HUGE}/",
    f"/history/invoice/1/{HUGE}/", f"/history/invoice/{HUGE}/1/", "/periods/9999-12-31/moved/",
    "/periods/2025-13-01/moved/",
])
def test_an_address_of_nothing_is_not_found(reader: Client, path: str) -> None:
    answer = reader.get(path)
    assert answer.status_code == 404
    assert "چنین صفحه یا سندی نیست" in sentence(answer.text)


@pytest.mark.parametrize("key", ["abc", "1", "1,2,3", f"1,{HUGE}", ""])
def test_a_form_of_nothing_leads_back_to_the_list(reader: Client, key: str) -> None:
    for answer in (reader.get(f"/invoices/edit/?id={key}"),
                   reader.post("/invoices/void/", {"id": key, "seen": ""})):
        assert answer.status_code == 302
        assert answer.location == "/invoices/"


@pytest.mark.parametrize("path", [
    "/invoices/?page=-1", "/expected/?page=-1", "/invoices/?amount_from=1e99999999",
    "/invoices/?amount_from=1e-9999999", "/invoices/?amount_from=NaN", "/invoices/?search=%00",
    "/history/?by=%00", "/invoices/?doc_date_to=9999/12/31",
    "/invoices/new/?amount=1e9999999&account_id=1", "/invoices/new/?amount=NaN&account_id=1",
])
def test_a_page_is_shown_whatever_its_address_asks_for(reader: Client, path: str) -> None:
    assert reader.get(path).status_code == 200


@pytest.mark.parametrize("path", [
    f"/invoices/?page={HUGE}", f"/customers/new/?party_id={HUGE}",
    f"/invoices/new/?account_id={HUGE}",
])
def test_a_number_too_large_is_called_that(reader: Client, path: str) -> None:
    answer = reader.get(path)
    assert answer.status_code == 422
    assert sentence(answer.text) == "این عدد بیش از اندازه بزرگ است."


def test_a_page_that_only_takes_forms_says_so_in_the_readers_language(reader: Client) -> None:
    answer = reader.get("/cheque-desk/act/")
    assert answer.status_code == 405
    assert "method" not in answer.text.partition("<main")[2]


@pytest.mark.parametrize(("path", "typed"), [
    ("/payments/new/", {"amount": "1e5"}),
    ("/payments/new/", {"amount": "1e9999999"}),
    ("/payments/new/", {"amount": "9" * 10_000}),
    ("/payments/new/", {"doc_date": "9999/12/31"}),
    ("/cheques/new/", {"replaces_cheque_id": HUGE}),
    ("/payments/new/", {"account_id": HUGE}),
    ("/customers/new/", {"credit_limit": "1e9999999"}),
    ("/currencies/new/", {"unit": "1e-400"}),
    ("/payment_terms/new/", {"lines-0-percent": "NaN"}),
    ("/payment_terms/new/", {"lines-0-percent": "1e9999999"}),
    ("/periods/", {"closed_upto": "9999/12/31", "reason": "x"}),
])
def test_what_can_not_be_read_is_said_at_its_field(
    sara: Client, sql: Sql, path: str, typed: dict[str, str],
) -> None:
    sql.execute("update desk.login set money_unit = 'toman' where name = 'sara'")
    account = sql.execute("select min(account_id) from ref.account where currency = 'IRR'"
                          ).fetchone()
    assert account is not None
    paper = {
        "account_id": str(account[0]), "doc_date": "1405/08/10", "due_date": "1405/08/10",
        "amount": "1,000", "method": "cash", "status": "approved", "note": "what was typed",
        "code": "XYZ", "name": "what was typed", "unit": "1", "lines-0-days": "30",
    }
    answer = sara.post(path, paper | typed)
    assert answer.status_code == 200
    assert "field-error" in answer.text
    assert path == "/periods/" or "what was typed" in answer.text
    assert not any(words in answer.text for words in (WENT_WRONG, *DATABASE_WORDS))


TOO_LONG = "9" * 5_000  # more digits than Python makes a number of


@pytest.mark.parametrize("plan", [
    "", "null", "[]", "1", "{", "{}", "[" * 5_000, {"invoices": None, "cheques": []},
    {"invoices": ["a"], "cheques": []}, {"invoices": [float("nan")], "cheques": []},
    {"invoices": [1], "cheques": [1]}, {"invoices": [1], "cheques": [{}]},
    {"invoices": [1], "cheques": [{"amount": 1, "due_date": None}]},
    {"invoices": [int(HUGE)], "cheques": []},
])
def test_a_plan_of_cheques_that_no_page_sends_is_refused(reader: Client, plan: Any) -> None:
    answer = reader.json("/calculator/1/result", {
        "plan": plan if isinstance(plan, str) else json.dumps(plan)})
    assert answer.status_code == 400
    assert answer.get_json()["sentence"] == "این کار انجام نشد."


@pytest.mark.parametrize("plan", [
    "", "null", "[]", "{", {"pins": 1}, {"pins": [{}]}, {"unpin": ["²"]}, {"unpin": [int(HUGE)]},
    {"pins": [{"credit": "payment", "invoice": 1, "amount": ""}]},
    {"pins": [{"credit": "invoice-1", "invoice": 1, "amount": ""}]},
    {"pins": [{"credit": "payment-1", "invoice": 1, "amount": None}]},
    {"pins": [{"credit": f"payment-{HUGE}", "invoice": 1, "amount": ""}]},
    {"amounts": {"x": "1"}}, {"amounts": {"1": None}}, {"amounts": []},
    {"flags": {"invoice": True}}, {"flags": {"pin-1": True}}, {"flags": {"invoice-1": "x"}},
])
@pytest.mark.parametrize("to", ["effect", "save"])
def test_a_plan_of_pins_that_no_page_sends_is_refused(reader: Client, plan: Any, to: str) -> None:
    answer = reader.json(f"/settle/1/{to}", {
        "plan": plan if isinstance(plan, str) else json.dumps(plan), "seen": "x"})
    assert answer.status_code == 400


@pytest.mark.parametrize("key", [
    "", "1", "1-2", "a-b-in_hand", f"{HUGE}-1-in_hand", "²-1-in_hand", f"1-{TOO_LONG}-in_hand"])
def test_a_cheque_that_no_page_sends_is_refused(reader: Client, key: str) -> None:
    assert reader.post("/cheque-desk/act/", {"to": "cleared", "cheque": key}).status_code == 400


@pytest.mark.parametrize("key", [
    "", "payment-1", "payment-a-b", f"payment-1-{HUGE}", "pin-1-1", f"cheque-{TOO_LONG}-1"])
def test_a_decision_that_no_page_sends_is_refused(reader: Client, key: str) -> None:
    answer = reader.post("/approvals/decide/", {"to": "approve", "document": key})
    assert answer.status_code == 400


def test_installments_that_no_page_sends_are_refused(reader: Client) -> None:
    assert reader.post("/invoice/1/1/installments", {
        "due_date": ["1405/01/01", "1405/02/01"], "amount": "1", "seen": "x"}).status_code == 400


@pytest.mark.parametrize("name", ["lines-²-days", f"lines-{TOO_LONG}-days", "a b", ""])
def test_a_field_that_no_page_has_is_refused(reader: Client, name: str) -> None:
    assert reader.post("/payment_terms/new/", {name: "1"}).status_code == 400
    assert reader.get("/payment_terms/", query_string={name: "1"}).status_code == 400


@pytest.mark.parametrize("who", ["sara", "auditor"])
def test_no_address_goes_wrong_whatever_it_is_sent(
    request: pytest.FixtureRequest, who: str,
) -> None:
    client: Client = request.getfixturevalue(who)
    app = client.flask.application
    kept = {"export_type": "csv", "type_": "csv", "kind": "invoice", "part": "money",
            "day": "2026-03-20", "key": "1", "account_id": 1, "invoice_id": 1, "name": "x",
            "filename": "x"}
    odd = ("", "abc", "-1", HUGE, TOO_LONG, "a\x00b", "²", "1-2-3", "1,2", "{}", "9999/12/31")
    usual = {"search", "page", "sort", "id", "ids", "action", "query", "seen", "as_of", "from",
             "to", "cheque", "document", "plan", "account_id", "month", "events", "before"}
    wrong = []
    for rule in sorted(app.url_map.iter_rules(), key=str):
        if rule.endpoint == "logins.logout":
            continue
        address = app.url_map.bind("localhost").build(
            rule.endpoint, {name: kept[name] for name in rule.arguments})
        form = client.get(f"/{address.split('/')[1]}/new/").text
        names = usual | set(re.findall(r'name="([\w-]+)"', form)) - {"csrf_token"}
        for method in {"GET", "POST"}.intersection(rule.methods or ()):
            for turn in range(3):
                sent = MultiDict((name, odd[(place + turn * 4) % len(odd)])
                                 for place, name in enumerate(sorted(names) * turn))
                if method == "POST":
                    sent["csrf_token"] = client.token
                answer = (client.flask.post(address, data=sent, buffered=True)
                          if method == "POST"
                          else client.flask.get(address, query_string=sent, buffered=True))
                if answer.status_code >= 500:
                    wrong.append((method, address, turn))
    assert wrong == []


def test_what_is_pasted_with_marks_that_nobody_sees_is_read(sara: Client, sql: Sql) -> None:
    for mark in "\u061c\u200b\u200c\u200d\u200e\u200f\u202b\u2060\u2067\ufeff\u00a0":
        sql.execute("delete from ref.party where code = 'PASTED'")
        made = sara.post("/customers/new/", {
            "code": f"PASTED{mark}" if mark not in "\u200c\u200d" else "PASTED",
            "name": "نام", "side": "receivable", "currency": "IRR", "policy": "fifo_issue",
            "tolerance_days": "3", "risk_days": "30", "cheque_grace_days": "7"})
        account = int(made.headers["Location"].strip("/").split("/")[-1])
        answer = sara.post("/payments/new/", {
            "account_id": account, "doc_date": f"{mark}۱۴۰۵/۰۸/۱۰{mark}", "method": "cash",
            "amount": f"{mark}۱٬۲۵۰٬۰۰۰{mark}", "status": "approved"})
        assert answer.status_code == 302, repr(mark)
        assert sql.execute(
            "delete from doc.payment where account_id = %s returning amount, doc_date::text",
            [account]).fetchall() == [(1_250_000, "2026-11-01")]
        sql.execute("delete from ref.account where account_id = %s", [account])
        assert sql.execute("delete from ref.party where code = 'PASTED' returning code"
                           ).fetchall() == [("PASTED",)], repr(mark)
