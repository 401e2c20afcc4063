"""Whether what a page showed before saving is what stands, and whether looking left anything."""

from __future__ import annotations

from typing import Any

import psycopg

from admin import preview

Sql = psycopg.Connection[Any]


DOCUMENTS = ("invoice", "payment", "cheque", "cheque_event", "set_off", "pin", "credit_note",
             "adjustment")


def counts(sql: Sql) -> dict[str, int]:
    """Count every document, and what the proof finds wrong."""
    parts = [f"(select count(*) from doc.{name})" for name in DOCUMENTS]
    row = sql.execute(
        f"select {', '.join(parts)}, (select count(*) from calc.verify())").fetchone()
    assert row
    return dict(zip([*DOCUMENTS, "wrong"], row, strict=True))


def state(sql: Sql, account_id: int) -> tuple[Any, Any]:
    """Read the figures of an account and of its invoices, as the previews name them."""
    account = sql.execute(
        f"select {', '.join(preview.ACCOUNT)} from bi.account where account_id = %s",
        [account_id]).fetchone()
    invoices = sql.execute(
        f"select invoice_id, {', '.join(preview.INVOICE)} from bi.invoice where account_id = %s"
        " order by invoice_id", [account_id]).fetchall()
    return account, invoices


def assert_stands(sql: Sql, effect: preview.Effect) -> None:
    """Assert that the database has, by now, the figures an effect had shown."""
    for each in effect.accounts:
        account, invoices = state(sql, each.after.account_id)
        assert account == tuple(each.after[4:])
        stands = {row[0]: tuple(row[1:]) for row in invoices}
        for change in effect.invoices:
            if change.after.account_id == each.after.account_id:
                assert stands[change.after.invoice_id] == tuple(
                    getattr(change.after, name) for name in preview.INVOICE)
