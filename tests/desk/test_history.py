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


def test_what_has_no_story_is_not_found(reader: Client) -> None:
    for path in ("/history/nothing/1/2/", "/history/invoice/1/999999999/",
                 "/history/refusal/0/1/"):
        assert reader.get(path).status_code == 404


def test_master_data_has_a_story_too(reader: Client) -> None:
    assert reader.get("/history/account/0/8/").status_code == 200
    assert reader.get("/history/party/0/8/").status_code == 200
