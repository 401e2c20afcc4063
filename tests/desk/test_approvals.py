"""What customers told is approved or rejected, one or many, its effect seen before."""

from __future__ import annotations

import re
from typing import Any

import psycopg
import pytest

from desk_client import Client
from effects import counts

Sql = psycopg.Connection[Any]

_WAITING = """
    select 'payment', account_id, payment_id, amount::numeric from doc.payment
    where status = 'pending'
    union all
    select 'cheque', account_id, cheque_id, amount::numeric from doc.cheque
    where status = 'submitted' and kind = 'payment'
"""


def decide(client: Client, to: str, keys: list[str], **more: str) -> Any:
    return client.post("/approvals/decide/", {"to": to, "document": keys} | more)


def seen_in(page: Any) -> str:
    found = re.search(r'name="seen" value="(\w+)"', page.text)
    assert found, page.text
    return found.group(1)


def test_slips_and_cheques_are_approved_together(sara: Client, sql: Sql) -> None:
    waiting = sql.execute(_WAITING).fetchall()
    keys = [f"{kind}-{account_id}-{key}" for kind, account_id, key, _amount in waiting]
    assert {key.split("-")[0] for key in keys} == {"payment", "cheque"}
    listed = sara.get("/approvals/").text
    assert all(f'value="{key}"' in listed for key in keys)
    accounts = sorted({row[1] for row in waiting})
    balances = dict(sql.execute("select account_id, balance from bi.account"
                                " where account_id = any(%s)", [accounts]).fetchall())
    before = counts(sql)

    page = decide(sara, "approve", keys)
    assert counts(sql) == before
    done = decide(sara, "approve", keys, do="save", seen=seen_in(page), note="با بانک تطبیق شد",
                  day="1405/01/05")
    assert done.status_code == 302
    assert sql.execute(_WAITING).fetchall() == []
    for account_id, balance in sql.execute("select account_id, balance from bi.account"
                                           " where account_id = any(%s)", [accounts]).fetchall():
        assert balance == balances[account_id] - sum(
            row[3] for row in waiting if row[1] == account_id)
    assert sql.execute("select count(*) from doc.payment where note like '%%با بانک تطبیق شد'"
                       ).fetchone() == (sum(row[0] == "payment" for row in waiting),)
    assert counts(sql)["wrong"] == 0


def test_a_rejected_one_changes_no_figure_and_is_decided_once(sara: Client, sql: Sql) -> None:
    kind, account_id, key, _amount = sql.execute(_WAITING).fetchall()[0]
    one = f"{kind}-{account_id}-{key}"
    figures = sql.execute("select balance, open_amount from bi.account where account_id = %s",
                          [account_id]).fetchone()
    seen = seen_in(decide(sara, "reject", [one]))
    assert decide(sara, "reject", [one], do="save", seen=seen).status_code == 302
    assert sql.execute("select status from doc.payment where account_id = %s and payment_id = %s",
                       [account_id, key]).fetchone() == ("rejected",)
    assert sql.execute("select balance, open_amount from bi.account where account_id = %s",
                       [account_id]).fetchone() == figures
    again = decide(sara, "approve", [one], do="save", seen=seen)
    assert again.status_code == 200
    assert 'role="alert"' in again.text


def test_an_auditor_can_not_approve_and_the_database_says_so(auditor: Client, sql: Sql) -> None:
    kind, account_id, key, _amount = sql.execute(_WAITING).fetchall()[0]
    assert auditor.get("/approvals/").status_code == 403
    assert decide(auditor, "approve", [f"{kind}-{account_id}-{key}"], do="save", seen="x"
                  ).status_code == 403
    sql.execute("set role rasid_auditor")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        sql.execute("update doc.payment set status = 'approved' where payment_id = %s", [key])
