"""Lists and forms of documents: what they show, propose, keep and refuse."""

from __future__ import annotations

import html
import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
from werkzeug.test import TestResponse

from admin.i18n import catalogue
from admin.text import number
from desk_client import Client

Sql = psycopg.Connection[Any]

LISTS = ("payments", "cheques", "credit_notes", "adjustments", "set_offs", "pins")
ERRORS = Path(__file__).parents[2] / "docs" / "errors.md"


def persian(sentence: str) -> str:
    """Return what a sentence is in Persian, where it has been translated."""
    found = catalogue("fa").get(sentence)
    return str(found.string) if found is not None and found.string else sentence


def rule(name: str) -> list[str]:
    """Return sentence and hint of a rule by its name, in Persian."""
    found = re.search(rf"`{name}` \|(?: `\w+` \|)? ([^|]+) \| ([^|]+) \|",
                      ERRORS.read_text(encoding="utf-8"))
    assert found, name
    return [persian(part) for part in found.groups()]


def refused(answer: TestResponse, name: str) -> None:
    """See that a page says the rule in words, and nothing of what lies beneath."""
    assert answer.status_code == 200, name
    page = html.unescape(answer.text)
    said = re.findall(r'(?:role="alert"|class="field-error")[^>]*>(.*?)</', page)
    for part in rule(name):
        assert part in page, (name, part, said)
    assert 'class="hint"' in page.replace("'", '"')
    for word in ("Traceback", "psycopg", "sqlalchemy", "INSERT INTO", "UPDATE "):
        assert word not in page, (name, word)


@pytest.mark.parametrize("name", LISTS)
def test_each_list_opens_narrows_and_is_downloaded(reader: Client, name: str) -> None:
    page = reader.get(f"/{name}/")
    assert page.status_code == 200
    assert page.text.count("row-actions") > 1
    narrowed = reader.get(
        f"/{name}/?search=شفيعی&side=receivable&{'' if name == 'pins' else 'amount_from=۱'}")
    assert narrowed.status_code == 200
    assert 'role="alert"' not in narrowed.text
    file = reader.get(f"/{name}/export/csv/")
    assert len(file.text.splitlines()) > 1


def test_figures_stand_beside_a_payment_found_by_its_number(
    reader: Client, read_book: str,
) -> None:
    with psycopg.connect(read_book) as connection:
        doc_no, reference, allocated = connection.execute(
            "select c.doc_no, p.bank_reference, c.allocated_amount from bi.credit c"
            " join doc.payment p on (p.account_id, p.payment_id) = (c.account_id, c.credit_id)"
            " where c.credit_type = 'payment' and c.currency = 'IRR' and c.allocated_amount > 0"
            "   and p.bank_reference is not null"
            " order by c.doc_date limit 1").fetchone() or ()
        serial, sayad = connection.execute(
            "select serial_no, sayad_id from doc.cheque where sayad_id is not null limit 1"
        ).fetchone() or ()
    for typed in (doc_no, reference):
        page = reader.get(f"/payments/?search={typed}").text
        assert doc_no in page
        assert number(int(allocated)).translate(str.maketrans("0123456789,", "۰۱۲۳۴۵۶۷۸۹٬")) in page
    spaced = f"{sayad[:4]} {sayad[4:8]}-{sayad[8:]}"
    assert str(serial or sayad) in reader.get(f"/cheques/?search={spaced}").text


def test_a_form_proposes_and_takes_what_a_clerk_types(sara: Client, sql: Sql) -> None:
    account = one(sql, "select min(account_id) from ref.account where currency = 'IRR'")
    page = sara.get(f"/payments/new/?account_id={account}&amount=5000000&doc_date=2026-11-01").text
    assert f'<option value="{account}" selected>' in page
    assert 'value="5,000,000"' in page
    assert 'value="1405/08/10"' in page
    assert '<option selected value="approved">' in page
    assert 'checked' in page.split('name="auto_allocate"')[0].rsplit("<input", 1)[1] + page.split(
        'name="auto_allocate"')[1].split(">", 1)[0]
    assert sara.get("/payments/new/?account_id=x&amount=y&doc_date=z").status_code == 200

    sara.post("/cheques/new/", {
        "account_id": account, "kind": "payment", "sayad_id": "۱۲۳۴ ۵۶۷۸-٩٠١٢۳۴۵۶",
        "doc_date": "۱۴۰۵/۰۸/۱۰", "due_date": "1405/10/10", "amount": "۱٬۲۵۰٬۰۰۰",
        "status": "in_hand", "auto_allocate": "y"})
    cheque = sql.execute(
        "select cheque_id, amount, status_date, created_by from doc.cheque"
        " where sayad_id = '1234567890123456'").fetchone()
    assert cheque is not None
    assert cheque[1:] == (Decimal(1250000), date(2026, 11, 1), "sara")

    key = f"{account},{cheque[0]}"
    form = sara.get(f"/cheques/edit/?id={key}").text
    assert 'name="account_id" data-lookup' in form.split('id="move_to"')[1]
    assert form.index("/cheques/void/") < form.index("/cheques/delete/")
    sara.post("/cheques/void/", {"id": key})
    assert one(sql, "select status from doc.cheque where cheque_id = %s", cheque[0]) == "void"
    other = one(sql, "select max(account_id) from ref.account where side = 'receivable'")
    sara.post("/cheques/move/", {"id": key, "account_id": other})
    assert one(sql, "select account_id from doc.cheque where cheque_id = %s", cheque[0]) == other
    sara.post("/cheques/delete/", {"id": f"{other},{cheque[0]}"})
    assert one(sql, "select count(*) from doc.cheque where cheque_id = %s", cheque[0]) == 0


def test_an_invoice_is_offered_no_state_that_is_reckoned(reader: Client) -> None:
    form = reader.get("/invoices/new/").text
    status = form.split('name="status"')[1].split("</select>")[0]
    assert re.findall(r'value="(\w+)"', status) == ["active", "void"]


def test_amounts_are_in_the_unit_of_the_account(sara: Client, auditor: Client, sql: Sql) -> None:
    sql.execute("update desk.login set money_unit = 'toman' where name = 'sara'")
    party = one(sql, "select min(party_id) from ref.party")
    dollars = one(sql, "insert into ref.account (party_id, side, currency)"
                       " values (%s, 'payable', 'USD') returning account_id", party)
    rials = one(sql, "select min(account_id) from ref.account where currency = 'IRR'")
    for account, unit, kept in ((rials, "تومان", 12345000), (dollars, "USD", 1234500)):
        assert f">{unit}</span>" in sara.get(f"/adjustments/new/?account_id={account}").text
        sara.post("/adjustments/new/", {
            "account_id": account, "kind": "discount", "doc_date": "1405/08/10",
            "amount": "1,234,500", "doc_no": "unit", "status": "active"})
        key, amount = sql.execute(
            "select adjustment_id, amount from doc.adjustment"
            " where doc_no = 'unit' and account_id = %s", [account]).fetchone() or (0, 0)
        assert amount == kept
        form = sara.get(f"/adjustments/edit/?id={account},{key}").text
        assert 'value="1,234,500"' in form
        assert sara.get("/adjustments/?search=unit&amount_from=1,234,500").text.count(
            "/adjustments/edit/") == 1 + (account == dollars)
    assert sara.get("/adjustments/?search=unit&amount_from=1,234,501").text.count(
        "/adjustments/edit/") == 0

    refused = auditor.get("/adjustments/new/")
    assert refused.status_code == 403
    assert "Your role may not open this page." in refused.text
    assert auditor.get(f"/adjustments/edit/?id={dollars},1").status_code == 403
    assert auditor.post("/adjustments/void/", {"id": f"{dollars},1"}).status_code == 403
    assert "/adjustments/edit/" not in auditor.get("/adjustments/").text


def test_pins_of_a_day_are_those_of_that_day_in_tehran(sara: Client, sql: Sql) -> None:
    account, pin = sql.execute(
        "select account_id, pin_id from doc.pin limit 1").fetchone() or (0, 0)
    sql.execute("alter table doc.pin disable trigger user")
    for moment, is_found in (("2026-11-01 00:00+03:30", True), ("2026-11-01 23:59:59+03:30", True),
                             ("2026-10-31 23:59:59+03:30", False),
                             ("2026-11-02 00:00+03:30", False)):
        sql.execute("update doc.pin set created_at = %s where pin_id = %s", [moment, pin])
        page = sara.get("/pins/?created_at_from=1405/08/10&created_at_to=1405/08/10").text
        assert (f"/pins/edit/?id={account},{pin}&" in page) == is_found, moment


def test_a_closed_period_asks_for_the_reason(sara: Client, sql: Sql) -> None:
    account, key = sql.execute(
        "select account_id, payment_id from doc.payment"
        " where status = 'approved' order by doc_date limit 1").fetchone() or (0, 0)
    sql.execute("select ref.close_period((select min(doc_date) from doc.payment), 'test')")
    page = sara.get(f"/payments/edit/?id={account},{key}").text
    assert 'name="lock_reason"' in page
    sara.post("/payments/void/", {"id": f"{account},{key}"})
    said = sara.get(f"/payments/edit/?id={account},{key}")
    refused(said, "lock_reason_given")
    sara.post("/payments/void/", {"id": f"{account},{key}", "lock_reason": "entered twice"})
    assert one(sql, "select status from doc.payment where payment_id = %s", key) == "void"


def test_twenty_refusals_are_said_and_what_was_typed_stays(sara: Client, sql: Sql) -> None:
    one_, other = [row[0] for row in sql.execute(
        "select account_id from ref.account where side = 'receivable' and currency = 'IRR'"
        " order by account_id limit 2")]
    party = one(sql, "select party_id from ref.account where account_id = %s", one_)
    theirs = one(sql, "select invoice_id from doc.invoice where account_id = %s limit 1", other)
    paid = one(sql, "select payment_id from doc.payment where account_id = %s limit 1", other)
    handed = one(sql, "select cheque_id from doc.cheque where account_id = %s limit 1", other)
    sayad, holder = sql.execute(
        "select sayad_id, account_id from doc.cheque where sayad_id is not null"
        " and status not in ('returned', 'void') limit 1").fetchone() or ("", 0)
    code = one(sql, "select code from ref.party limit 1")
    used = one(sql, "select payment_term_id from doc.invoice"
                    " where payment_term_id is not null limit 1")
    returned, keeper = sql.execute(
        "insert into doc.cheque (account_id, doc_date, due_date, amount, status)"
        " values (%s, '2026-10-01', '2026-10-01', 5, 'returned')"
        " returning cheque_id, account_id", [one_]).fetchone() or (0, 0)
    region = one(sql, "select min(region_id) from ref.region")
    agency = one(sql, "insert into ref.agency (code, name) values ('A77', 'x') returning code")

    note = {"note": "what was typed"}
    paper = {"account_id": one_, "doc_date": "1405/08/10", "amount": "1,000"} | note
    cheque = paper | {"kind": "payment", "due_date": "1405/09/10", "status": "in_hand"}
    payment = paper | {"method": "cash", "status": "approved"}
    credit = paper | {"kind": "price", "status": "active"}
    discount = credit | {"kind": "discount"}
    pin = {"account_id": one_} | note
    terms = {"side": "receivable", "currency": "IRR", "policy": "fifo_issue",
             "tolerance_days": "3", "risk_days": "30", "cheque_grace_days": "7"} | note
    term = {"name": "what was typed", "lines-0-days": "30"}
    for path, sent, name in (
        ("/payments/new/", payment | {"amount": "0"}, "amount_positive"),
        ("/payments/new/", payment | {"amount": "1.234"}, "amount_two_decimals"),
        ("/payments/new/", payment | {"amount": "1" + "0" * 19}, "amount_below_limit"),
        ("/payments/new/", payment | {"account_id": 99999999}, "payment_account_fkey"),
        ("/payments/new/", payment | {"cheque_id": handed}, "payment_cheque_fkey"),
        ("/cheques/new/", cheque | {"sayad_id": "12345"}, "cheque_sayad_id_format"),
        ("/cheques/new/", cheque | {"sayad_id": sayad, "account_id": holder},
         "cheque_sayad_id_unique"),
        ("/cheques/new/", cheque | {"cleared_on": "1405/09/10"},
         "cheque_cleared_on_only_when_cleared"),
        (f"/cheques/edit/?id={keeper},{returned}", cheque | {"status": "cleared"},
         "cheque_transition_known"),
        (f"/cheques/edit/?id={keeper},{returned}",
         cheque | {"status": "returned", "replaces_cheque_id": returned},
         "cheque_not_own_replacement"),
        ("/credit_notes/new/", credit | {"invoice_id": theirs}, "credit_note_invoice_fkey"),
        ("/adjustments/new/", discount | {"invoice_id": theirs}, "adjustment_invoice_fkey"),
        ("/pins/new/", pin | {"invoice_id": theirs}, "pin_names_one_credit"),
        ("/pins/new/", pin | {"invoice_id": theirs, "payment_id": paid}, "pin_payment_fkey"),
        ("/customers/new/", terms | {"code": code, "name": "x"}, "party_code_unique"),
        (f"/customers/new/?party_id={party}", terms, "account_party_side_currency_unique"),
        ("/customers/new/", terms | {"code": "Z", "name": "x", "credit_limit": "-5"},
         "account_credit_limit_range"),
        ("/customers/new/", terms | {"code": "Z", "name": "x", "tolerance_days": "4000"},
         "account_tolerance_days_range"),
        ("/agencies/new/", {"code": agency, "name": "what was typed"}, "agency_code_unique"),
        ("/regions/new/", {"name": "what was typed", "latitude": "99"}, "region_latitude_range"),
        (f"/regions/edit/?id={region}", {"name": "what was typed", "parent_id": region},
         "region_not_own_parent"),
        ("/payment_terms/new/", term | {"lines-0-percent": "90"}, "payment_term_adds_up"),
        ("/payment_terms/new/", term | {"lines-0-percent": "100", "lines-0-days": "9999"},
         "payment_term_line_days_range"),
        (f"/payment_terms/edit/?id={used}", term | {"lines-0-percent": "100"},
         "payment_term_in_use"),
        ("/currencies/new/", {"code": "dollar", "name": "what was typed", "unit": "1"},
         "currency_code_format"),
        ("/currencies/edit/?id=IRR", {"name": "what was typed", "unit": "10"},
         "currency_unit_in_use"),
        ("/settings/edit/?id=time_zone", {"value": "what was typed"}, "time_zone_known"),
    ):
        answer = sara.post(path, sent)
        refused(answer, name)
        assert "what was typed" in answer.text, name
    far = sara.post("/payments/new/", payment | {"doc_date": "2200-01-01"})
    assert far.status_code == 200
    assert 'class="hint"' in far.text.replace("'", '"')
    assert one(sql, "select count(*) from doc.payment where note = 'what was typed'") == 0
    assert one(sql, "select count(*) from ref.party where code = 'Z'") == 0


def one(sql: Sql, statement: str, *values: Any) -> Any:
    """Return the one value of a statement."""
    row = sql.execute(statement, values).fetchone()
    assert row is not None
    return row[0]


def test_a_form_is_read_in_the_unit_it_was_drawn_in(sara: Client, sql: Sql) -> None:
    account, invoice = sql.execute(
        "select account_id, invoice_id from bi.invoice where open_amount > 0"
        " and side = 'receivable' and currency = 'IRR' order by invoice_id limit 1"
    ).fetchone() or (0, 0)
    for path in ("/payments/new/", "/customers/new/", "/set-off/new/", f"/settle/{account}/",
                 f"/calculator/{account}/", f"/invoice/{account}/{invoice}/"):
        assert '<input type="hidden" name="amounts_in" value="rial">' in sara.get(path).text, path

    # Meanwhile she chose tomans, on another page.
    sql.execute("update desk.login set money_unit = 'toman' where name = 'sara'")
    paper = {"account_id": account, "doc_date": "1405/08/10", "method": "cash",
             "status": "approved", "amounts_in": "rial"}
    refused = sara.post("/payments/new/", paper | {"amount": "5,000", "doc_date": "never"}).text
    assert 'data-unit="ریال"' in refused
    assert 'name="amounts_in" value="rial"' in refused
    sara.post("/payments/new/", paper | {"amount": "5,000", "doc_no": "UNIT-1"})
    sara.post("/payments/new/", paper | {"amount": "5,000", "doc_no": "UNIT-2"}
              | {"amounts_in": "toman"})
    assert sql.execute("select amount from doc.payment where doc_no like 'UNIT-_' order by doc_no"
                       ).fetchall() == [(5000,), (50000,)]
    assert "۵۰۰" in sara.get("/payments/?search=UNIT-1").text
    payment = one(sql, "select payment_id from doc.payment where doc_no = 'UNIT-1'")
    plan = json.dumps({"pins": [{"credit": f"payment-{payment}", "invoice": invoice,
                                 "amount": "1,000"}]})
    made = {unit: sara.post(f"/settle/{account}/effect", {"plan": plan}, headers={
        "Accept": "application/json", "X-Amounts-In": unit}).json for unit in ("rial", "toman")}
    assert made["rial"] and made["rial"]["made"] == ["۱٬۰۰۰"]
    assert made["toman"] and made["toman"]["made"] == ["۵۰۰"]  # all that it has
