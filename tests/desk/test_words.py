"""Both languages say everything: pages, columns, codes, and what the database refuses."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from babel.messages.pofile import read_po
from flask import Flask
from flask_babel import force_locale

from admin import labels
from admin.i18n import FOLDER, catalogue
from admin.text import brief, number, share
from desk_client import ENGLISH, Client
from rasid_cli import messages

Sql = psycopg.Connection[Any]

NOWHERE = 999_999_999


def test_nothing_lacks_persian_and_nothing_is_spare(read_book: str) -> None:
    with psycopg.connect(read_book) as connection:
        missing, spare = messages.compare(connection, "fa")
    assert missing == {}
    assert spare == []


def test_one_thing_has_one_name() -> None:
    # Of a message in two files only one translation is shown, and not that of the file it reads in.
    said = Counter(message.id for path in (FOLDER / "fa").glob("*.po")
                   for message in read_po(path.read_text().splitlines(True), locale="fa")
                   if message.id)
    assert [message for message, times in said.items() if times > 1] == []


def test_the_card_of_a_customer_calls_documents_as_the_menu_does(reader: Client) -> None:
    page = reader.get("/customer/1/").text
    menu, card = page.partition("<main")[::2]
    for name in ("چک‌ها", "اعلامیه‌های بستانکار", "تعدیل‌ها"):
        assert name in menu
        assert name in card


def test_every_column_and_code_has_its_word_in_both_languages(read_app: Flask) -> None:
    words = [*labels.COLUMNS.values(),
             *(word for kind in labels.VALUES.values() for word in kind.values())]
    with read_app.test_request_context():
        with force_locale("en"):
            english = [str(word) for word in words]
        known = catalogue("fa")
    assert all(english)
    assert [word for word in english if not known.get(word) or not known[word].string] == []


@pytest.mark.parametrize(("value", "shown"), [
    ("12312.50", "۱۲٬۳۱۳"), ("24183.50", "۲۴٬۱۸۴"), ("-12312.50", "−۱۲٬۳۱۳"), ("-0.4", "۰"),
    ("1250000000", "۱٫۳ میلیارد"), ("1350000000", "۱٫۴ میلیارد"),
])
def test_amounts_in_short_are_rounded_as_the_database_rounds(
    read_app: Flask, value: str, shown: str,
) -> None:
    with read_app.test_request_context():
        assert brief(Decimal(value), "USD") == shown


@pytest.mark.parametrize(("value", "shown"), [("9.45", "۹٫۵"), ("-9.45", "−۹٫۵"), ("-0.04", "۰")])
def test_days_and_shares_are_rounded_as_the_database_rounds(
    read_app: Flask, value: str, shown: str,
) -> None:
    with read_app.test_request_context():
        assert number(Decimal(value), 1) == shown
        assert share(Decimal(value) / 100) == f"{shown}٪"


def test_every_code_of_the_database_has_a_word(read_book: str) -> None:
    with psycopg.connect(read_book) as connection:
        known = connection.execute(
            """
            select t.relname || '.' || (regexp_match(c.conname, '(kind|status|method)_known'))[1],
              array(select m[1] from regexp_matches(pg_get_constraintdef(c.oid),
                '''([a-z_]+)''::text', 'g') as m)
            from pg_constraint as c
            join pg_class as t on t.oid = c.conrelid
            where t.relnamespace = 'doc'::regnamespace and c.conname ~ '(kind|status|method)_known'
            """).fetchall()
    assert len(known) >= 10
    for name, codes in known:
        assert set(codes) <= set(labels.VALUES[name]), name


@pytest.fixture
def known(sql: Sql) -> dict[str, Any]:
    """An account with documents, two of its documents, and somebody else's invoice."""
    row = sql.execute(
        """
        select i.account_id, i.invoice_id,
          (select c.cheque_id from doc.cheque as c
           where c.account_id = i.account_id and c.status = 'cleared' limit 1) as cheque_id,
          (select o.invoice_id from doc.invoice as o
           where o.account_id <> i.account_id limit 1) as other_id,
          (select p.code from ref.party as p limit 1) as code,
          (select t.payment_term_id from doc.invoice as t
           where t.payment_term_id is not null limit 1) as term_id
        from doc.invoice as i
        where exists (select from doc.cheque as c
                      where c.account_id = i.account_id and c.status = 'cleared')
        order by i.invoice_id limit 1
        """).fetchone()
    assert row is not None
    return dict(zip(("account", "invoice", "cheque", "other", "code", "term"), row, strict=True))


def refusals(known: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """Forms that the database refuses, by the constraint that says why."""
    account = known["account"]
    paper = {"account_id": account, "doc_date": "2025-06-01", "amount": "1000"}
    invoice = paper | {"kind": "invoice", "status": "active", "auto_allocate": "1"}
    payment = paper | {"method": "cash", "status": "approved", "auto_allocate": "1"}
    note = paper | {"kind": "return", "status": "active"}
    cheque = paper | {"kind": "payment", "due_date": "2025-07-01", "status": "in_hand",
                      "status_date": "2025-06-01"}
    return [
        ("amount_positive", "/invoices/new/", invoice | {"amount": "0"}),
        ("amount_positive", "/payments/new/", payment | {"amount": "-5"}),
        ("amount_two_decimals", "/invoices/new/", invoice | {"amount": "1.005"}),
        ("amount_below_limit", "/payments/new/", payment | {"amount": "1" + 18 * "0"}),
        ("day_in_calendar", "/payments/new/", payment | {"doc_date": "1850-01-01"}),
        ("invoice_account_fkey", "/invoices/new/", invoice | {"account_id": NOWHERE}),
        ("credit_note_invoice_fkey", "/credit_notes/new/", note | {"invoice_id": known["other"]}),
        ("adjustment_invoice_fkey", "/adjustments/new/",
         note | {"kind": "discount", "invoice_id": known["other"]}),
        ("payment_cheque_fkey", "/payments/new/", payment | {"cheque_id": NOWHERE}),
        ("cheque_sayad_id_format", "/cheques/new/", cheque | {"sayad_id": "123"}),
        ("cheque_cleared_on_only_when_cleared", "/cheques/new/",
         cheque | {"cleared_on": "2025-07-01"}),
        ("cheque_replaces_fkey", "/cheques/new/", cheque | {"replaces_cheque_id": NOWHERE}),
        ("pin_names_one_credit", "/pins/new/",
         {"account_id": account, "invoice_id": known["invoice"]}),
        ("pin_cheque_fkey", "/pins/new/",
         {"account_id": account, "invoice_id": known["invoice"], "cheque_id": NOWHERE}),
        ("pin_invoice_fkey", "/pins/new/",
         {"account_id": account, "invoice_id": known["other"], "cheque_id": known["cheque"]}),
        ("cheque_transition_known", f"/cheques/edit/?id={account},{known['cheque']}",
         cheque | {"status": "in_hand"}),
        ("period_ended", "/periods/", {"closed_upto": "2100-01-01", "reason": "x"}),
        ("period_closed_known", "/periods/2020-01-01/keep/", {}),
        ("period_closed_known", "/periods/2020-01-01/reopen/", {"reason": "x"}),
    ]


def test_refusals_reach_a_person_in_their_language(
    sara: Client, sql: Sql, known: dict[str, Any], app: Flask,
) -> None:
    john, persian = Client(app, *ENGLISH), catalogue("fa")
    seen = set()
    for name, path, form in refusals(known):
        for who in (sara, john):
            page = who.post(path, form, follow_redirects=True)
            assert page.status_code == 200
            row = sql.execute(
                """
                select sentence, hint from ref.refusal where constraint_name = %(name)s
                union all
                select split_part(d.description, ' | ', 1), split_part(d.description, ' | ', 2)
                from pg_constraint as c
                join pg_description as d
                  on d.objoid = c.oid and d.classoid = 'pg_constraint'::regclass
                where c.conname = %(name)s
                """, {"name": name}).fetchone()
            assert row is not None, name
            said = [str(persian[text].string) for text in row] if who is sara else (
                # The database's own hint names the steps that this cheque can take.
                ["can't go from cleared to in_hand", "From cleared it can go to:"]
                if name == "cheque_transition_known" else [row[1]])
            for text in said:
                assert text in plain(page.text), (name, path, text)
        seen.add(name)
    assert len(seen) >= 16
    before = sql.execute("select count(*) from doc.invoice where amount <= 1000").fetchone()
    assert before == (0,)


def plain(html: str) -> str:
    """Return a page's text with its entities as signs."""
    from html import unescape

    return unescape(html)
