"""What an account costs follows its documents, not their square, whatever plan was made before.

The plans are those that a session comes to have: of a prepared statement, made for an account of
the usual size and used for a large one; of the triggers, made for one row and used for many. The
rows that pass through their nodes are counted, as auto_explain tells them: no other work on the
machine changes them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest

from book import invoice, make_account

Connection = psycopg.Connection[Any]

SMALL, LARGE = 100, 400


def rows_of(node: dict[str, Any]) -> float:
    """Rows that a node of a plan and those below it gave on or threw away."""
    own = sum(
        node.get(name, 0)
        for name in ("Actual Rows", "Rows Removed by Filter", "Rows Removed by Join Filter")
    )
    return float(own * node["Actual Loops"] + sum(map(rows_of, node.get("Plans", ()))))


def rows_through(conn: Connection, statement: str, account_id: int) -> float:
    """Rows through all plans of a statement, those of its functions and triggers among them."""
    told: list[float] = []

    def tell(notice: psycopg.errors.Diagnostic) -> None:
        _, is_plan, plan = (notice.message_primary or "").partition("plan:")
        if is_plan:
            told.append(rows_of(json.loads(plan)["Plan"]))

    conn.add_notice_handler(tell)
    conn.execute("set client_min_messages = notice")
    with conn.transaction(force_rollback=True):
        conn.execute(statement, [account_id], prepare=True)
    conn.execute("set client_min_messages = warning")
    conn.remove_notice_handler(tell)
    assert told
    return sum(told)


def assert_linear(small: float, large: float) -> None:
    """Four times the documents may take six times the rows: an account has some rows of its own."""
    assert small > 0
    assert large < 1.5 * LARGE / SMALL * small, (small, large)


def fill(conn: Connection, count: int) -> int:
    """Id of an account with so many invoices, half as many payments and a quarter as many cheques.

    Each invoice has a discount; some have installments, returns, price notes or pins.
    """
    account_id = make_account(conn)
    with conn.transaction():
        for statement in (
            """
            insert into doc.invoice (account_id, doc_no, doc_date, due_date, amount)
            select %(account)s, n, day, day + 40, 1000
            from (
              select n, date '2023-01-01' + ((n - 1) * 900 / %(count)s) as day
              from generate_series(1, %(count)s) n
            ) d
            """,
            """
            insert into doc.installment (account_id, invoice_id, line_no, due_date, amount)
            select i.account_id, i.invoice_id, n, i.doc_date + 30 * n, 500
            from doc.invoice i, generate_series(1, 2) n
            where i.account_id = %(account)s and i.invoice_id %% 10 = 0
            """,
            """
            insert into doc.payment (account_id, doc_date, amount)
            select %(account)s, date '2023-01-20' + ((n - 1) * 900 / %(count)s), 1000
            from generate_series(1, %(count)s, 2) n
            """,
            """
            insert into doc.cheque (account_id, doc_date, due_date, amount, status, status_date)
            select
              %(account)s, day, day + 30, 1000,
              (array['deposited', 'in_hand', 'cleared', 'bounced'])[1 + n / 4 %% 4], day + 31
            from (
              select n, date '2023-01-20' + ((n - 1) * 900 / %(count)s) as day
              from generate_series(1, %(count)s, 4) n
            ) d
            """,
            """
            insert into doc.credit_note (account_id, kind, doc_date, amount, invoice_id)
            select
              account_id, case when invoice_id %% 2 = 0 then 'return' else 'price' end,
              doc_date + 5, 50, invoice_id
            from doc.invoice
            where account_id = %(account)s and invoice_id %% 7 = 0
            """,
            """
            insert into doc.adjustment (account_id, kind, doc_date, amount, invoice_id)
            select account_id, 'discount', doc_date + 40, 10, invoice_id
            from doc.invoice
            where account_id = %(account)s
            """,
            """
            insert into doc.pin (account_id, payment_id, invoice_id)
            select account_id, payment_id, invoice_id
            from (
              select account_id, payment_id, row_number() over (order by payment_id) as place
              from doc.payment
              where account_id = %(account)s
            ) p
            join (
              select invoice_id, row_number() over (order by invoice_id) as place
              from doc.invoice
              where account_id = %(account)s
            ) i using (place)
            where place %% 9 = 0
            """,
        ):
            conn.execute(statement, {"account": account_id, "count": count})
    return account_id


@pytest.fixture(scope="module")
def address(template: str, make_database: Callable[..., str]) -> str:
    """Address of a book of many accounts of an invoice and a note, a small one and a large."""
    made = make_database(template)
    with psycopg.connect(made, autocommit=True) as conn:
        for _ in range(300):
            make_account(conn)
        conn.execute(
            """
            insert into doc.invoice (account_id, doc_date, amount)
            select account_id, '2025-01-01', 1000 from ref.account
            """)
        conn.execute(
            """
            insert into doc.credit_note (account_id, kind, doc_date, amount, invoice_id)
            select account_id, 'price', '2025-01-02', 1, invoice_id from doc.invoice
            """)
        for count in (1, SMALL, LARGE):
            fill(conn, count)
        conn.execute("select ref.close_period('2023-01-31', 'January')")
        conn.execute("analyze")
    return made


@pytest.fixture
def session(address: str) -> Iterator[Connection]:
    """Open connection of its own to that book, whose plans are told."""
    with psycopg.connect(address, autocommit=True) as conn:
        conn.execute("set client_min_messages = warning")
        try:
            conn.execute("load 'auto_explain'")
        except psycopg.Error as error:
            pytest.skip(f"auto_explain: {error}")
        for name, setting in {
            "log_min_duration": "0", "log_nested_statements": "on", "log_analyze": "on",
            "log_timing": "off", "log_format": "json", "log_level": "notice",
        }.items():
            conn.execute(f"set auto_explain.{name} = {setting}")
        yield conn


@pytest.fixture
def accounts(session: Connection) -> list[int]:
    """Ids of an account of one document of each kind, the small one and the large one."""
    return [
        row[0]
        for row in session.execute("select account_id from doc.adjustment group by 1 order by 1")
    ]


@pytest.mark.parametrize("plan", ["generic", "custom"])
@pytest.mark.parametrize(
    "source",
    [
        f"bi.{view}_as_of('{day}')"
        for view in ("invoice", "account", "aging")
        for day in ("2024-06-30", "2025-12-31")
    ],
)
def test_reading_an_account_as_of_a_day(
    session: Connection, accounts: list[int], source: str, plan: str
) -> None:
    session.execute(f"set plan_cache_mode = force_{plan}_plan")
    query = f"select * from {source} where account_id = %s"
    assert_linear(*(rows_through(session, query, account_id) for account_id in accounts[1:]))


@pytest.mark.parametrize(
    "change",
    [
        "update doc.invoice set amount = amount + 1 where invoice_id %% 10 > 0 and {}",
        "update doc.invoice set note = 'seen' where account_id = %s",
        "update doc.payment set doc_date = doc_date + 1 where {}",
        "update doc.cheque set status = 'bounced' where status = 'deposited' and {}",
        "update doc.cheque set note = 'seen' where account_id = %s",
        "update doc.credit_note set amount = amount + 1 where {}",
        "update doc.installment set due_date = due_date + 1 where account_id = %s",
        "delete from doc.pin where account_id = %s",
        "delete from doc.adjustment where {}",
    ],
)
def test_changing_many_documents_after_one(
    session: Connection, accounts: list[int], change: str
) -> None:
    """A plan that was made for one row is kept for the many that come next."""
    change = change.format("account_id = %s and doc_date > '2023-02-28'")
    one, *others = accounts
    rows_through(session, change, one)
    assert_linear(*(rows_through(session, change, account_id) for account_id in others))


def test_changing_many_accounts_after_one(session: Connection) -> None:
    change = "update ref.account set tolerance_days = 9 where account_id <= %s"
    (first,) = session.execute("select min(account_id) from ref.account").fetchone() or (0,)
    rows_through(session, change, first)
    # A fifth of the 300 accounts, and four fifths.
    assert_linear(*(rows_through(session, change, first + many) for many in (60, 240)))


def test_a_note_on_an_invoice_of_many(session: Connection) -> None:
    notes = """
        insert into doc.credit_note (account_id, kind, doc_date, amount, invoice_id)
        select account_id, 'price', '2025-02-01', 1, invoice_id
        from doc.invoice, generate_series(1, {})
        where account_id = %s
        """
    counts = []
    for many in (SMALL, LARGE):
        account_id = make_account(session)
        invoice(session, account_id, 1_000_000, "2025-01-01")
        session.execute(notes.format(many), [account_id])
        counts.append(rows_through(session, notes.format(1), account_id))
    assert_linear(*counts)


def test_an_inbox_that_statistics_take_for_empty(session: Connection, accounts: list[int]) -> None:
    rows = """
        insert into inbox.payment (account_id, doc_date, amount, external_id)
        select %s, '2025-02-01', '9', n
        from generate_series(1, %s) n
        """
    with session.transaction(force_rollback=True):
        session.execute(rows, [accounts[0], 4 * LARGE])
    session.execute("analyze inbox.payment")
    counts = []
    for many in (LARGE, 4 * LARGE):
        session.execute(rows, [accounts[0], many])
        counts.append(rows_through(session, "select inbox.process() where %s > 0", accounts[0]))
        session.execute("delete from inbox.payment")
    assert_linear(*counts)
