"""Nothing slips into a period while it is closed, and the month-end command keeps what it says."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner

from rasid_cli import db
from rasid_cli.cli import main

Connection = psycopg.Connection[Any]

CLOSE = "select ref.close_period('2025-01-31', 'January')"
PAY = "insert into doc.payment (account_id, amount, doc_date) values (%s, 5, '2025-01-31')"


@pytest.fixture
def writer(database: str) -> Iterator[Connection]:
    with psycopg.connect(database) as connection:
        yield connection


@pytest.fixture
def closer(database: str) -> Iterator[Connection]:
    with psycopg.connect(database) as connection:
        yield connection


@pytest.fixture
def account_id(conn: Connection) -> int:
    conn.execute("insert into ref.party (code, name) values ('a', 'a party')")
    return int(
        value(conn, "insert into ref.account (party_id) select party_id from ref.party"
                    " returning account_id")
    )


def value(connection: Connection, query: str, *parameters: object) -> Any:
    row = connection.execute(query, parameters).fetchone()
    assert row is not None
    return row[0]


def while_it_waits(
    watcher: Connection, waiting: Connection, do: Callable[[], object], then: Callable[[], object]
) -> None:
    """Start `do` on `waiting`, see that it waits for a lock, run `then`, see how `do` ends."""
    with ThreadPoolExecutor(1) as pool:
        future: Future[object] = pool.submit(do)
        deadline = time.monotonic() + 20
        while not value(
            watcher, "select cardinality(pg_blocking_pids(%s)) > 0", waiting.info.backend_pid
        ):
            assert not future.done(), "it did not wait"
            assert time.monotonic() < deadline, "it neither waited nor ended"
            time.sleep(0.01)
        then()
        future.result(20)


def late(conn: Connection) -> list[tuple[Any, ...]]:
    """What the check of db/checks finds."""
    path = db.ROOT / "db" / "checks" / "closed_periods.sql"
    return conn.execute(path.read_text()).fetchall()


def test_a_writer_who_came_first_is_waited_for(
    conn: Connection, writer: Connection, closer: Connection, account_id: int
) -> None:
    writer.execute(PAY, [account_id])
    while_it_waits(conn, closer, lambda: closer.execute(CLOSE), writer.commit)
    closer.commit()
    assert value(conn, "select count(*) from doc.payment") == 1
    assert late(conn) == []


def test_a_writer_who_comes_while_it_is_closed_sees_it(
    conn: Connection, writer: Connection, closer: Connection, account_id: int
) -> None:
    writer.execute("select now()")  # its transaction began before
    closer.execute(CLOSE)
    with pytest.raises(psycopg.Error) as refusal:
        while_it_waits(conn, writer, lambda: writer.execute(PAY, [account_id]), closer.commit)
    assert refusal.value.sqlstate in {"RS403", "RS404"}


@pytest.mark.parametrize(
    "level", [psycopg.IsolationLevel.REPEATABLE_READ, psycopg.IsolationLevel.SERIALIZABLE]
)
def test_an_old_snapshot_does_not_hide_the_closing(
    conn: Connection, writer: Connection, account_id: int, level: psycopg.IsolationLevel
) -> None:
    writer.isolation_level = level
    writer.execute("select from doc.payment")
    conn.execute(CLOSE)
    with pytest.raises(psycopg.errors.SerializationFailure):
        writer.execute(PAY, [account_id])


def test_a_new_snapshot_writes_as_before(
    conn: Connection, writer: Connection, account_id: int
) -> None:
    conn.execute(CLOSE)
    writer.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    writer.execute(PAY.replace("01-31", "02-01"), [account_id])
    writer.commit()
    assert value(conn, "select count(*) from doc.payment") == 1


def test_a_period_is_not_closed_from_an_old_snapshot(closer: Connection) -> None:
    closer.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    with pytest.raises(psycopg.Error) as refusal:
        closer.execute(CLOSE)
    assert refusal.value.sqlstate == "RS408"


def test_two_who_close_at_once_take_turns(
    conn: Connection, writer: Connection, closer: Connection
) -> None:
    writer.execute(CLOSE)
    with pytest.raises(psycopg.Error) as refusal:
        while_it_waits(conn, closer, lambda: closer.execute(CLOSE), writer.commit)
    assert refusal.value.sqlstate == "RS406"


def test_documents_that_stream_in_while_periods_are_closed(
    conn: Connection, database: str, account_id: int
) -> None:
    """Whatever got in was there before its closing; the check finds nothing."""
    days = [f"2025-01-{day:02}" for day in range(1, 21)]

    def stream(number: int) -> int:
        written = 0
        with psycopg.connect(database, autocommit=True) as connection:
            for turn in range(200):
                try:
                    connection.execute(
                        "insert into doc.payment (account_id, amount, doc_date)"
                        " values (%s, 1, %s)",
                        [account_id, days[(turn // 10 + number) % len(days)]],
                    )
                    written += 1
                except psycopg.Error as error:
                    assert error.sqlstate in {"RS403", "RS404"}, error
        return written

    with ThreadPoolExecutor(2) as pool:
        streams = [pool.submit(stream, number) for number in (0, 3)]
        for day in days[::4]:
            conn.execute("select ref.close_period(%s, 'a day')", [day])
            time.sleep(0.02)
        written = sum(each.result(60) for each in streams)
    assert value(conn, "select count(*) from doc.payment") == written
    assert late(conn) == []


def test_the_check_finds_what_came_past_the_lock(conn: Connection, account_id: int) -> None:
    conn.execute(CLOSE)
    conn.execute("alter table doc.payment disable trigger t40_period_lock_insert")
    conn.execute(PAY, [account_id])
    conn.execute("alter table doc.payment enable trigger t40_period_lock_insert")
    assert [row[:2] for row in late(conn)] == [("payment", account_id)]


def test_the_check_lets_a_reason_pass(conn: Connection, account_id: int) -> None:
    conn.execute(CLOSE)
    with conn.transaction():
        conn.execute("select set_config('rasid.lock_reason', 'bank statement', true)")
        conn.execute(PAY, [account_id])
    assert late(conn) == []


def run(monkeypatch: pytest.MonkeyPatch, database: str, *arguments: str) -> tuple[int, str]:
    monkeypatch.setenv("RASID_DSN", database)
    result = CliRunner().invoke(main, ["close-month", *arguments])
    return result.exit_code, result.output


def test_close_month_closes_and_keeps(
    conn: Connection, database: str, account_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    conn.execute(PAY, [account_id])
    assert run(monkeypatch, database, "2025-01") == (
        0, "closed to 2025-01-31\nkept the figures of 1 accounts (month-end 1)\n"
    )
    assert value(conn, "select reason from ref.period_lock") == "month-end 2025-01"
    assert value(conn, "select unapplied_amount from bi.month_end") == 5
    assert run(monkeypatch, database, "2025-01")[1].startswith("was closed to 2025-01-31")
    assert value(conn, "select count(*) from audit.month_end") == 1


def test_close_month_knows_jalali_months(
    conn: Connection, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(monkeypatch, database, "--jalali", "1403/12", "--reason", "year-end")[0] == 0
    row = conn.execute("select ref.jalali_text(closed_upto), reason from ref.period_lock")
    assert row.fetchone() == ("1403/12/30", "year-end")


@pytest.mark.parametrize("arguments", [["2025-13"], ["January"], ["--jalali", "2025-01"]])
def test_close_month_refuses_what_is_no_month(
    conn: Connection, database: str, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    assert run(monkeypatch, database, *arguments)[0] == 2
    assert value(conn, "select count(*) from ref.period_lock") == 0


def test_close_month_says_what_the_database_refuses(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, said = run(monkeypatch, database, "2100-01")
    assert code == 3
    assert "RS405" in said


def test_close_month_closes_where_serializable_is_the_default(
    conn: Connection, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGOPTIONS", "-c default_transaction_isolation=serializable")
    assert run(monkeypatch, database, "2025-01")[0] == 0
    assert value(conn, "select count(*) from ref.period_lock") == 1


def test_one_account_as_of_a_day_costs_one_account(conn: Connection, account_id: int) -> None:
    """One account as of a day, asked by a BI login, costs one account."""
    conn.execute(
        """
        insert into ref.party (code, name) select n::text, 'p' from generate_series(1, 300) as n;
        insert into ref.account (party_id) select party_id from ref.party where code <> 'a';
        insert into doc.invoice (account_id, amount, doc_date)
        select account_id, 100, date '2025-01-01' + n from ref.account, generate_series(1, 5) as n;
        analyze;
        """
    )
    conn.execute("set role rasid_bi")
    for function in ("account_as_of", "invoice_as_of", "aging_as_of"):
        plan = conn.execute(
            f"explain (analyze, timing off, summary off, costs off)"
            f" select * from bi.{function}('2025-01-04') where account_id = {account_id}"
        ).fetchall()
        lines = [row[0] for row in plan if "Function Scan on" in row[0]]
        assert lines, plan
        assert not any(function in line for line in lines), "it is not inlined"
        assert all("loops=1)" in line for line in lines), lines
