"""History: who changed what, in words."""

from __future__ import annotations

import re
from typing import Any

import psycopg

from desk_client import Client, plain

Sql = psycopg.Connection[Any]


def test_a_story_is_told_in_words(sara: Client, sql: Sql) -> None:
    account_id, cheque_id = sql.execute(
        "select account_id, cheque_id from doc.cheque where status = 'in_hand'"
        " and kind = 'payment' limit 1").fetchone() or (0, 0)
    sql.execute("select set_config('rasid.user', 'mina', false)")
    sql.execute("update doc.cheque set status = 'bounced', status_date = '2026-09-23'"
                " where account_id = %s and cheque_id = %s", [account_id, cheque_id])
    sql.execute("update doc.cheque set note = 'amount: 5; note: x → y'"
                " where account_id = %s and cheque_id = %s", [account_id, cheque_id])
    page = plain(sara.get(f"/history/cheque/{account_id}/{cheque_id}/").text)
    assert "mina" in page
    assert "نزد صندوق" in page
    assert "برگشتی" in page
    assert "1405/07/01" in page
    assert "in_hand" not in page

    latest = plain(sara.get("/history/?table=doc.cheque&by=mina").text)
    assert latest.count(f"/history/cheque/{account_id}/{cheque_id}/") == 2
    assert "1405/07/01" in latest


def test_the_changes_of_the_book_are_narrowed_and_paged(sara: Client, sql: Sql) -> None:
    sql.execute("select set_config('rasid.user', 'omid', false)")
    for number in range(45):
        sql.execute("insert into ref.agency (code, name) values (%s, %s)",
                    [f"H{number}", f"agency {number}"])
    first = sara.get("/history/?by=omid").text
    assert first.count("<li>\n") == 40
    onward = re.search(r'rel="next" href="([^"]+)"', first)
    assert onward
    rest = sara.get(onward.group(1).replace("&amp;", "&")).text
    assert rest.count("<li>\n") == 5
    assert "omid" not in sara.get("/history/?table=doc.cheque").text
    assert sara.get("/history/?by=nobody").text.count("<li>\n") == 0
    assert "omid" in sara.get("/history/?day=" + _today(sql)).text
    assert sara.get("/history/?day=2020-01-01").text.count("<li>\n") == 0
    wrong = sara.get("/history/?day=never&table=pg_class")
    assert wrong.status_code == 200
    assert "alert-danger" in wrong.text


def test_numbers_are_as_on_paper_and_amounts_in_ones_own_unit(sara: Client, sql: Sql) -> None:
    account, invoice = sql.execute(
        "select i.account_id, i.invoice_id from doc.invoice as i"
        " join ref.account as a using (account_id)"
        " where a.currency = 'IRR' and i.status = 'active' and not exists ("
        "   select from doc.installment as n"
        "   where (n.account_id, n.invoice_id) = (i.account_id, i.invoice_id))"
        " order by i.invoice_id limit 1").fetchone() or (0, 0)
    key = [account, invoice]
    sql.execute("update doc.invoice set doc_no = '140577', amount = 1234500"
                " where account_id = %s and invoice_id = %s", key)
    for lines in ([(1, 1000000), (2, 234500)], [(1, 1234500)]):
        with sql.transaction():
            sql.execute("delete from doc.installment where account_id = %s and invoice_id = %s",
                        key)
            for line_no, amount in lines:
                sql.execute("insert into doc.installment"
                            " (account_id, invoice_id, line_no, due_date, amount)"
                            " values (%s, %s, %s, '2026-11-01', %s)", [*key, line_no, amount])
    sql.execute("update ref.account set credit_limit = 70 where account_id = %s", [account])

    pages = {}
    for unit in ("rial", "toman"):
        sql.execute("update desk.login set money_unit = %s where name = 'sara'", [unit])
        pages[unit] = [sara.get(path).text for path in (
            f"/history/invoice/{account}/{invoice}/", f"/invoice/{account}/{invoice}/",
            "/history/?table=doc.invoice", "/history/?table=ref.account",
            f"/history/account/0/{account}/")]
    for told in pages["rial"][:2]:
        assert "<bdi>۱٬۲۳۴٬۵۰۰ ریال</bdi>" in told
        assert "<bdi>140577</bdi>" in told
        # Both that it had are told, and that they went.
        story = told.split('class="timeline"')[1]
        assert "۲۳۴٬۵۰۰ ریال" in story
        assert len(re.findall(r"<strong>قسط [۱۲] حذف", story)) == 2
        assert len(re.findall(r"<strong>قسط ۱ ساخته شد", story)) == 2
    for told in pages["toman"][:2]:
        assert "<bdi>۱۲۳٬۴۵۰ تومان</bdi>" in told
        assert "۲۳٬۴۵۰ تومان" in told
    assert "۱۲۳٬۴۵۰ تومان" in pages["toman"][2]
    assert "<bdi>140577</bdi>" in pages["toman"][2]
    for told in pages["toman"][3:]:
        assert "<bdi>۷ تومان</bdi>" in told
    assert f"#{invoice}" in pages["rial"][0]


def _today(sql: Sql) -> str:
    row = sql.execute("select (now() at time zone 'Asia/Tehran')::date").fetchone()
    assert row
    return str(row[0])


def test_a_text_that_looks_like_something_else_is_told_as_it_is(sara: Client, sql: Sql) -> None:
    words = ("2025-02-30", "true", "x; closed_at: never; region_id: 99999999999999999999")
    for number, name in enumerate(words):
        sql.execute("insert into ref.agency (code, name) values (%s, %s)", [f"L{number}", name])
    page = sara.get("/history/?table=ref.agency")
    assert page.status_code == 200
    assert all(name in page.text for name in words[:2])
    assert "99999999999999999999" in page.text


def test_what_has_no_story_is_not_found(reader: Client) -> None:
    for path in ("/history/nothing/1/2/", "/history/invoice/1/999999999/",
                 "/history/refusal/0/1/"):
        assert reader.get(path).status_code == 404


def test_master_data_has_a_story_too(reader: Client) -> None:
    assert reader.get("/history/account/0/8/").status_code == 200
    assert reader.get("/history/party/0/8/").status_code == 200


def test_what_a_row_refers_to_is_told_by_name(sara: Client, sql: Sql) -> None:
    mine, theirs = [row[0] for row in sql.execute("""
        with party as (
          insert into ref.party (code, name) values ('M-1', 'مشتری درست'), ('M-2', 'مشتری نادرست')
          returning party_id, code
        )
        insert into ref.account (party_id) select party_id from party order by code
        returning account_id
    """)]
    invoices = [row[0] for row in sql.execute(
        "insert into doc.invoice (account_id, doc_no, doc_date, amount)"
        " values (%(of)s, 'A-10', '2026-09-01', 5), (%(of)s, 'A-11', '2026-09-01', 5)"
        " returning invoice_id", {"of": mine})]
    payment = (sql.execute(
        "insert into doc.payment (account_id, doc_no, doc_date, amount)"
        " values (%s, 'R-10', '2026-09-02', 5) returning payment_id",
        [theirs]).fetchone() or [0])[0]
    note = (sql.execute(
        "insert into doc.credit_note (account_id, kind, doc_date, amount, invoice_id)"
        " values (%s, 'return', '2026-09-03', 1, %s) returning credit_note_id",
        [mine, invoices[0]]).fetchone() or [0])[0]

    # Put on the account it belongs to: the story says where it was.
    moved = sara.post("/payments/move/", {"id": f"{theirs},{payment}", "account_id": mine})
    assert moved.status_code == 302
    sql.execute("update doc.credit_note set invoice_id = %s where credit_note_id = %s",
                [invoices[1], note])
    pin = (sql.execute("insert into doc.pin (account_id, payment_id, invoice_id)"
                       " values (%s, %s, %s) returning pin_id",
                       [mine, payment, invoices[0]]).fetchone() or [0])[0]
    for path in (f"/history/payment/{mine}/{payment}/", "/history/?table=doc.payment"):
        told = sara.get(path).text
        assert "<del><bdi>مشتری نادرست · M-2</bdi></del> شد <bdi>مشتری درست · M-1</bdi>" in told
    for path in (f"/history/credit_note/{mine}/{note}/", "/history/?table=doc.credit_note"):
        assert "<del><bdi>A-10</bdi></del> شد <bdi>A-11</bdi>" in sara.get(path).text
    made = sara.get(f"/history/pin/{mine}/{pin}/").text
    assert "<bdi>R-10</bdi>" in made
    assert "<bdi>A-10</bdi>" in made


def test_closing_a_period_is_told_in_words_and_leads_nowhere_wrong(
    sara: Client, sql: Sql
) -> None:
    sara.post("/periods/", {"closed_upto": "1403/12/29", "reason": "پایان سال"})
    sara.post("/periods/2025-03-19/reopen/", {"reason": "اصلاح"})
    cheque = sql.execute("delete from doc.cheque where account_id in (select account_id"
                         " from ref.account where side = 'payable') and status = 'in_hand'"
                         " returning cheque_id").fetchone()
    assert cheque
    page = sara.get("/history/").text.split('class="timeline"')[1]
    assert "دورهٔ بسته" in page
    assert ">۱۴۰۳/۱۲/۲۹<" in page
    for word in ("period_", "cheque_event", "in_hand", "closing_count", "2025-03", "+00:00"):
        assert word not in page
    for path in set(re.findall(r'href="(/history/\w+/\d+/\d+/)"', page)):
        assert sara.get(path).status_code == 200, path


def test_from_its_story_a_document_is_put_right_while_it_is_there(
    sara: Client, auditor: Client, sql: Sql
) -> None:
    account_id, payment_id = sql.execute(
        "insert into doc.payment (account_id, doc_date, amount)"
        " select min(account_id), '2026-09-01', 5 from ref.account"
        " returning account_id, payment_id").fetchone() or (0, 0)
    story = f"/history/payment/{account_id}/{payment_id}/"
    form = f"/payments/edit/?id={account_id}%2C{payment_id}".replace("%2C", ",")
    assert form in sara.get(story).text.replace("%2C", ",")
    assert "/payments/edit/" not in auditor.get(story).text
    sql.execute("delete from doc.payment where account_id = %s and payment_id = %s",
                [account_id, payment_id])
    gone = sara.get(story)
    assert gone.status_code == 200
    assert "/payments/edit/" not in gone.text
