"""The search box of the lists."""

from __future__ import annotations

import psycopg
import pytest

from desk_client import Client


@pytest.mark.parametrize("path", ["/customers/", "/invoices/", "/payments/", "/cheques/",
                                  "/cheque-desk/"])
def test_the_search_box_finds_a_customer(reader: Client, read_book: str, path: str) -> None:
    with psycopg.connect(read_book) as sql:
        row = sql.execute("""
            select p.code, p.name from doc.cheque as q
            join doc.payment as y on y.account_id = q.account_id
            join ref.account as a on a.account_id = q.account_id
            join ref.party as p on p.party_id = a.party_id
            where q.status = 'in_hand' and q.kind = 'payment' and a.side = 'receivable'
            order by q.cheque_id limit 1
        """).fetchone()
        assert row
    for typed in row:
        page = reader.get(path, query_string={"search": typed})
        assert page.status_code == 200
        assert 'role="alert"' not in page.text
        assert "row-actions" in page.text
