"""Exceptions: how often each rule is met, its documents, and the way to put them right."""

from __future__ import annotations

import re
from typing import Any

import psycopg

from admin import text
from admin.views.exceptions import RULES
from desk_client import Client

Sql = psycopg.Connection[Any]


def test_each_rule_is_counted_and_leads_to_its_documents(reader: Client, read_book: str) -> None:
    with psycopg.connect(read_book) as connection:
        known: dict[str, Any] = dict(connection.execute(
            "select rule, count(*) from bi.exception group by rule").fetchall())
        rules = connection.execute(
            "select obj_description('bi.exception'::regclass)").fetchone()
    assert rules is not None
    said = re.search(r"Rules: ([a-z_0-9, ]+)\.", rules[0])
    assert said
    assert set(said[1].split(", ")) == set(RULES)

    counts = reader.get("/exceptions/counts/").get_json()
    assert {rule: text.latin(count).replace("٬", "") for rule, count in counts.items()} == {
        rule: str(known.get(rule, 0)) for rule in RULES}
    assert sum(known.values()) > 0
    for rule in RULES:
        page = reader.get(f"/exceptions/?rule={rule}")
        assert page.status_code == 200
        body = page.text[page.text.index('id="found"'):]
        rows = len(re.findall(r"<tr>\s*<td(?! class=\"empty\")", body))
        assert rows == min(known.get(rule, 0), 100), rule
        for address in set(re.findall(r'<a href="(/[^"]+)"><bdi dir="ltr" class="">#', body)):
            assert reader.get(address.replace("&amp;", "&")).status_code == 200, address
            break


def test_they_are_narrowed_and_exported(reader: Client, read_book: str) -> None:
    with psycopg.connect(read_book) as connection:
        row = connection.execute(
            """
            select rule, salesperson_id, count(*), sum(amount) from bi.exception
            where salesperson_id is not null group by 1, 2 order by 3 desc, 1 limit 1
            """).fetchone()
    assert row is not None
    rule, salesperson, count, amount = row
    lines = reader.get(f"/exceptions/export/csv/?rule={rule}&salesperson_id={salesperson}"
                       ).text.strip().splitlines()
    assert len(lines) == count + 1
    assert sum(float(line.split(",")[5]) for line in lines[1:]) == float(amount)
    assert reader.get("/exceptions/export/csv/?rule=no_such").status_code == 404


def test_the_other_legs_of_an_endorsed_cheque_are_named_in_words(sara: Client, sql: Sql) -> None:
    accounts = [row[0] for row in sql.execute("""
        (select account_id from ref.account where side = 'receivable' limit 1)
        union all
        (select account_id from ref.account where side = 'payable' limit 2)
    """)]
    for account, status in zip(accounts, ("bounced", "in_hand", "deposited"), strict=True):
        sql.execute("""
            insert into doc.cheque (account_id, sayad_id, doc_date, due_date, amount, status)
            values (%s, '9876543219876543', '2026-01-01', '2026-01-02', 5, %s)
        """, [account, status])
    page = sara.get("/exceptions/?rule=endorsed_half_bounced").text
    assert "طرف دیگر: واگذارشده به بانک، نزد صندوق" in page
