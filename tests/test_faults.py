"""What fails, is cancelled or is rolled back leaves nothing behind; what is late is put right.

`RASID_FAULT_DOCUMENTS` (default 20000) is the size of the account that gets a late document.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest

Connection = psycopg.Connection[Any]

DOCUMENTS = int(os.environ.get("RASID_FAULT_DOCUMENTS", "20000"))
MEMORY = 64 * 2**20

# Whatever is kept: documents, figures, marks, the audit.
TABLES = """
select format('%I.%I', n.nspname, c.relname)
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where n.nspname in ('doc', 'calc', 'audit')
  and c.relkind = 'r'
"""

ADD_INVOICES = """
insert into doc.invoice (account_id, doc_date, amount)
select account_id, '2025-03-01', 100 from ref.account
"""


class BrokenOff(Exception):  # noqa: N818
    pass


def rows(conn: Connection, query: str, *parameters: object) -> list[tuple[Any, ...]]:
    return conn.execute(query, parameters or None).fetchall()


def book(conn: Connection) -> dict[str, list[str]]:
    """Every row of every table of documents and figures, as text."""
    return {
        table: sorted(row[0] for row in rows(conn, f"select t::text from {table} t"))
        for (table,) in rows(conn, TABLES)
    }


def make_account(conn: Connection) -> int:
    return int(rows(conn, """
        with party as (
          insert into ref.party (code, name) values (gen_random_uuid()::text, 'a party')
          returning party_id
        )
        insert into ref.account (party_id) select party_id from party returning account_id
        """)[0][0])


@pytest.fixture
def accounts(conn: Connection) -> list[int]:
    """Three accounts, in order, with an open invoice, a settled one and a cheque in hand each."""
    made = sorted(make_account(conn) for _ in range(3))
    for account_id in made:
        conn.execute("insert into doc.invoice (account_id, doc_date, amount) values"
                     " (%(a)s, '2025-01-01', 100), (%(a)s, '2025-01-05', 200)", {"a": account_id})
        conn.execute("insert into doc.payment (account_id, doc_date, amount)"
                     " values (%s, '2025-02-01', 70)", [account_id])
        conn.execute("insert into doc.cheque (account_id, doc_date, due_date, amount)"
                     " values (%s, '2025-02-02', '2025-02-20', 90)", [account_id])
    return made


@pytest.fixture
def other(database: str) -> Iterator[Connection]:
    """A second connection, in autocommit mode."""
    with psycopg.connect(database, autocommit=True) as connection:
        yield connection


@pytest.fixture
def nothing_happened(conn: Connection, accounts: list[int]) -> Iterator[None]:  # noqa: ARG001
    """The tables are the same after the test as before it, and the figures right."""
    before = book(conn)
    assert len(before["calc.allocation"]) == 9, "the book to be harmed has allocations"
    yield
    assert book(conn) == before
    assert rows(conn, "select * from calc.verify()") == []


def when_it_waits(watcher: Connection, waiting: Connection, do: Callable[[], object],
                  then: Callable[[], object]) -> None:
    """Start `do` on `waiting`, see that it waits for a lock, run `then`, see how `do` ends."""
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(do)
        deadline = time.monotonic() + 20
        while not rows(watcher, "select cardinality(pg_blocking_pids(%s)) > 0",
                       waiting.info.backend_pid)[0][0]:
            assert not future.done(), f"it did not wait: {future.result()}"
            assert time.monotonic() < deadline, "it neither waited nor ended"
            time.sleep(0.01)
        then()
        future.result(20)


def copy_invoices(conn: Connection, accounts: list[int], number: int) -> None:
    with conn.cursor() as cursor, cursor.copy(
        "copy doc.invoice (account_id, doc_date, amount) from stdin"
    ) as copy:
        for serial in range(number):
            copy.write_row((accounts[serial % len(accounts)], "2025-01-03", 10))


@pytest.mark.usefixtures("nothing_happened")
def test_a_statement_that_fails_in_its_last_row(conn: Connection, accounts: list[int]) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        conn.execute(
            "insert into doc.invoice (account_id, doc_date, amount)"
            " select a, '2025-01-03', 1000 - n from unnest(%s) a, generate_series(1, 1000) n",
            [accounts])


def test_a_statement_that_fails_between_two_accounts(
    conn: Connection, accounts: list[int]
) -> None:
    conn.execute("delete from calc.account where account_id = %s", [accounts[2]])
    before = book(conn)
    with pytest.raises(psycopg.Error) as refusal:
        conn.execute(ADD_INVOICES)
    assert refusal.value.sqlstate == "RS202"
    assert book(conn) == before


@pytest.mark.usefixtures("nothing_happened")
def test_a_copy_that_its_client_breaks_off(conn: Connection, accounts: list[int]) -> None:
    with (
        pytest.raises(BrokenOff),
        conn.cursor() as cursor,
        cursor.copy("copy doc.invoice (account_id, doc_date, amount) from stdin") as copy,
    ):
        for _ in range(5000):
            copy.write_row((accounts[0], "2025-01-03", 10))
        raise BrokenOff  # psycopg tells the server


@pytest.mark.usefixtures("nothing_happened")
def test_a_copy_that_is_cancelled_between_two_accounts(
    conn: Connection, accounts: list[int], database: str, other: Connection
) -> None:
    with psycopg.connect(database) as holder:
        holder.execute("select from calc.account where account_id = %s for update",
                       [accounts[2]])
        with pytest.raises(psycopg.errors.QueryCanceled):
            when_it_waits(
                conn, other, lambda: copy_invoices(other, accounts, 300),
                lambda: conn.execute("select pg_cancel_backend(%s)", [other.info.backend_pid]))
        holder.rollback()


@pytest.mark.usefixtures("nothing_happened")
def test_a_lock_that_does_not_come_in_time(
    accounts: list[int], database: str, other: Connection
) -> None:
    other.execute("set lock_timeout = '50ms'")
    with psycopg.connect(database) as holder:
        holder.execute("select from calc.account where account_id = %s for update",
                       [accounts[1]])
        with pytest.raises(psycopg.errors.LockNotAvailable):
            other.execute(ADD_INVOICES)
        holder.rollback()


@pytest.mark.usefixtures("nothing_happened")
def test_a_transaction_rolled_back_to_a_savepoint(conn: Connection, accounts: list[int]) -> None:
    with conn.transaction():
        with conn.transaction(force_rollback=True):
            conn.execute(ADD_INVOICES)
            conn.execute("update doc.cheque set status = 'bounced', status_date = '2025-02-21'")
            conn.execute("update doc.payment set doc_date = '2025-01-02', amount = 150")
            conn.execute("""
                insert into doc.pin (account_id, payment_id, invoice_id)
                select p.account_id, p.payment_id, i.invoice_id
                from doc.payment p
                join doc.invoice i using (account_id)
                where i.doc_date = '2025-03-01'
                """)
            conn.execute("delete from doc.invoice where account_id = %s and amount = 200",
                         [accounts[1]])
            assert rows(conn, "select * from calc.verify()") == []
        conn.execute("select")


def test_work_goes_on_after_a_savepoint(conn: Connection, accounts: list[int]) -> None:
    with conn.transaction():
        conn.execute("update doc.cheque set status = 'bounced', status_date = '2025-02-21'")
        with pytest.raises(psycopg.errors.ForeignKeyViolation), conn.transaction():
            conn.execute("delete from doc.payment")
            conn.execute("insert into doc.pin (account_id, payment_id, invoice_id)"
                         " values (%s, 1, 1)", [accounts[0]])
        conn.execute(ADD_INVOICES)
    assert rows(conn, "select * from calc.verify()") == []
    assert rows(conn, "select distinct balance from bi.account") == [(330,)]


# Changes of every kind that come before all the others.
EARLY = [
    "insert into doc.payment (account_id, doc_date, amount)"
    " values (%(account_id)s, '2019-01-01', 60)",
    "insert into doc.cheque (account_id, doc_date, due_date, amount)"
    " values (%(account_id)s, '2019-01-01', '2019-01-01', 60)",
    "insert into doc.credit_note (account_id, doc_date, amount)"
    " values (%(account_id)s, '2019-01-01', 60)",
    "insert into doc.adjustment (account_id, kind, doc_date, amount)"
    " values (%(account_id)s, 'discount', '2019-01-01', 60)",
    "insert into doc.set_off (account_id, set_off_no, doc_date, amount)"
    " values (%(account_id)s, 'S', '2019-01-01', 60)",
    "insert into doc.pin (account_id, payment_id, invoice_id)"
    " select %(account_id)s, (select max(payment_id) from doc.payment),"
    " (select invoice_id from doc.invoice order by doc_date limit 1)",
    "insert into doc.installment (account_id, invoice_id, line_no, due_date, amount)"
    " select account_id, invoice_id, 1, '2019-01-01', amount from doc.invoice"
    " where account_id = %(account_id)s order by doc_date limit 1",
]


def test_a_document_dated_before_twenty_thousand_others(
    conn: Connection, database: str
) -> None:
    told: list[str | None] = []
    account_id = make_account(conn)
    number = DOCUMENTS // 2
    conn.add_notice_handler(lambda notice: told.append(notice.message_primary))
    for table, shift in (("invoice", 0), ("payment", 1)):
        conn.execute(
            f"insert into doc.{table} (account_id, doc_date, amount)"
            " select %s, date '2020-01-01' + %s + (n * 1500 / %s)::int, 100"
            " from generate_series(1, %s) n",
            [account_id, shift, number, number])
    assert rows(conn, "select count(*), sum(open_amount) from bi.invoice") == [(number, 0)]
    assert not told  # a load replays what it brings: nobody need hear of that

    with psycopg.connect(database, autocommit=True) as writer:
        before = memory(writer)
        writer.add_notice_handler(lambda notice: told.append(notice.message_primary))
        writer.execute("insert into doc.payment (account_id, doc_date, amount)"
                       " values (%s, '2026-01-01', 1)", [account_id])
        writer.execute("delete from doc.payment where doc_date = '2026-01-01'")
        assert not told  # nothing came after it
        writer.execute("insert into doc.invoice (account_id, doc_date, amount)"
                       " values (%s, '2019-01-01', 60)", [account_id])
        if before is not None:
            assert (memory(writer) or 0) - before < MEMORY
    assert len(told) == 1
    assert re.findall(r"\d+", told[0] or "") == [str(2 * number + 1)]
    for statement in EARLY:
        told.clear()
        with conn.transaction(force_rollback=True):
            conn.execute(statement, {"account_id": account_id})
        assert len(told) == 1, statement
    # Every payment gives 60 to the invoice before its own: the last one lacks them.
    assert rows(conn, "select invoice_id, open_amount from bi.invoice where open_amount > 0") == [
        (rows(conn, "select max(invoice_id) from doc.invoice where doc_date > '2020-01-01'")[0][0],
         60)]
    assert rows(conn, "select amount, count(*) from bi.allocation group by amount order by 1") == [
        (40, number), (60, number)]
    assert rows(conn, "select * from calc.verify(%s)", account_id) == []


def memory(conn: Connection) -> int | None:
    """Most memory that the backend had so far, in bytes; null if it is not of this machine."""
    if os.environ.get("RASID_DSN"):
        return None
    status = Path(f"/proc/{conn.info.backend_pid}/status").read_text()
    found = {name: int(size) for name, size in
             re.findall(r"^(VmHWM|RssShmem|RssFile):\s+(\d+) kB", status, re.MULTILINE)}
    # Shared buffers and the program itself are no memory of its own.
    return 1024 * (found["VmHWM"] - found["RssShmem"] - found["RssFile"])
