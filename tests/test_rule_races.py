"""Rules over several rows hold when two transactions, each right by itself, meet."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from book import Connection, make_account, value, while_it_waits


@pytest.fixture
def second(database: str) -> Iterator[Connection]:
    with psycopg.connect(database) as connection:
        yield connection


@pytest.fixture
def first(database: str) -> Iterator[Connection]:
    with psycopg.connect(database) as connection:
        yield connection


def make_term(connection: Connection) -> int:
    return int(
        value(
            connection,
            """
            with term as (
              insert into ref.payment_term (name) values ('30 days') returning payment_term_id
            ),
            line as (
              insert into ref.payment_term_line (payment_term_id, line_no, days, percent)
              select payment_term_id, 1, 30, 100 from term
            )
            select payment_term_id from term
            """,
        )
    )


ADD_INVOICE = """
insert into doc.invoice (account_id, payment_term_id, doc_date, amount)
values (%s, %s, '2025-01-01', 100)
"""
CHANGE_TERM = "update ref.payment_term_line set days = 60 where payment_term_id = %s"


def test_one_set_off_number_written_on_two_days_at_once(
    conn: Connection, first: Connection, second: Connection
) -> None:
    accounts = [make_account(conn, side) for side in ("receivable", "payable") * 2]

    def write(connection: Connection, ids: list[int], day: str) -> None:
        connection.cursor().executemany(
            "insert into doc.set_off (account_id, set_off_no, amount, doc_date)"
            " values (%s, '7', 10, %s)",
            [(account_id, day) for account_id in ids],
        )

    write(first, accounts[:2], "2025-01-01")
    write(second, accounts[2:], "2025-01-02")
    first.execute("set constraints all immediate")
    with pytest.raises(psycopg.Error) as refusal:
        while_it_waits(conn, second, second.commit, first.commit)
    assert refusal.value.sqlstate == "RS008"


@pytest.mark.parametrize(
    "level", [psycopg.IsolationLevel.REPEATABLE_READ, psycopg.IsolationLevel.SERIALIZABLE]
)
def test_one_set_off_number_written_after_the_snapshot_of_its_other_writer(
    conn: Connection, first: Connection, level: psycopg.IsolationLevel
) -> None:
    accounts = [make_account(conn, side) for side in ("receivable", "payable") * 2]
    leg = ("insert into doc.set_off (account_id, set_off_no, amount, doc_date)"
           " values (%s, '7', 1, %s)")
    first.isolation_level = level
    first.execute("select from doc.set_off")
    with conn.transaction():
        conn.cursor().executemany(leg, [(a, "2025-01-01") for a in accounts[:2]])
    first.cursor().executemany(leg, [(a, "2025-01-02") for a in accounts[2:]])
    with pytest.raises(psycopg.errors.SerializationFailure):
        first.commit()


def test_two_loads_of_set_offs_in_crossed_order(
    conn: Connection, first: Connection, second: Connection
) -> None:
    accounts = [make_account(conn, side) for side in ("receivable", "payable") * 2]

    def write(connection: Connection, ids: list[int], numbers: list[int]) -> None:
        for number in numbers:
            connection.cursor().executemany(
                "insert into doc.set_off (account_id, set_off_no, amount, doc_date)"
                " values (%s, %s, 10, '2025-01-01')",
                [(account_id, str(number)) for account_id in ids],
            )

    write(first, accounts[:2], [*range(300)])
    write(second, accounts[2:], [*reversed(range(300))])
    first.execute("set constraints all immediate")
    while_it_waits(conn, second, second.commit, first.commit)
    assert value(conn, "select count(*) from doc.set_off") == 1200
    assert value(conn, "select count(*) from calc.set_off_touched") == 0


def test_legs_of_one_set_off_are_checked_once(conn: Connection) -> None:
    """The check at commit takes as long as its legs, not as their square."""
    number = 2000
    conn.execute(
        """
        with party as (
          insert into ref.party (code, name)
          select 'P' || n, 'a party' from generate_series(1, %s) n
          returning party_id
        )
        insert into ref.account (party_id, side)
        select party_id, side from party cross join unnest('{receivable,payable}'::text[]) side
        """,
        [number // 2],
    )
    with conn.transaction():
        for (account_id,) in conn.execute("select account_id from ref.account").fetchall():
            conn.execute(
                "insert into doc.set_off (account_id, set_off_no, amount, doc_date)"
                " values (%s, '7', 1, '2025-01-01')", [account_id]
            )
        before = reads(conn)
        conn.execute("set constraints all immediate")
        assert reads(conn) - before < 20 * number
    assert value(conn, "select count(*) from doc.set_off") == number


def reads(conn: Connection) -> int:
    """Rows of set-offs and of the list of them that this transaction has read so far."""
    return int(value(
        conn,
        """
        select sum(pg_stat_get_xact_tuples_returned(c) + pg_stat_get_xact_tuples_fetched(c))
        from unnest('{doc.set_off,calc.set_off_touched}'::regclass[]) c
        """,
    ))


def test_term_that_an_open_transaction_begins_to_use(
    conn: Connection, first: Connection, second: Connection
) -> None:
    account_id, term_id = make_account(conn), make_term(conn)
    first.execute(ADD_INVOICE, [account_id, term_id])
    with pytest.raises(psycopg.Error) as refusal:
        while_it_waits(
            conn, second, lambda: second.execute(CHANGE_TERM, [term_id]), first.commit
        )
    assert refusal.value.sqlstate == "RS101"


def test_term_that_changed_after_the_snapshot_of_its_user(
    conn: Connection, first: Connection
) -> None:
    account_id, term_id = make_account(conn), make_term(conn)
    first.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    first.execute("select")
    conn.execute(CHANGE_TERM, [term_id])
    with pytest.raises(psycopg.errors.SerializationFailure):
        first.execute(ADD_INVOICE, [account_id, term_id])


@pytest.mark.parametrize("level", ["REPEATABLE_READ", "SERIALIZABLE"])
def test_term_and_unit_that_came_into_use_after_the_snapshot(
    conn: Connection, first: Connection, level: str
) -> None:
    account_id, term_id = make_account(conn), make_term(conn)
    for change in (
        f"update ref.payment_term_line set days = 60 where payment_term_id = {term_id}",
        f"delete from ref.payment_term_line where payment_term_id = {term_id}",
        "update ref.currency set unit = 1000 where code = 'IRR'",
    ):
        first.isolation_level = psycopg.IsolationLevel[level]
        first.execute("select")
        conn.execute(ADD_INVOICE, [account_id, term_id])
        with pytest.raises(psycopg.Error) as refusal:
            first.execute(change)
        first.rollback()
        assert refusal.value.sqlstate == "RS107"
        conn.execute("delete from doc.invoice")
    # A new term comes, and an unused one goes, at any level.
    new_id = make_term(first)
    first.commit()
    first.execute("delete from ref.payment_term where payment_term_id = %s", [new_id])
    first.commit()


@pytest.mark.parametrize("level", ["REPEATABLE_READ", "SERIALIZABLE"])
def test_first_lines_of_a_term_that_came_into_use_after_the_snapshot(
    conn: Connection, first: Connection, level: str
) -> None:
    account_id = make_account(conn)
    term_id = value(
        conn, "insert into ref.payment_term (name) values ('none yet') returning payment_term_id"
    )
    first.isolation_level = psycopg.IsolationLevel[level]
    for before in ("select", "update ref.payment_term set name = 'in 60 days'"):
        first.execute("select")
        conn.execute(ADD_INVOICE, [account_id, term_id])
        first.execute(before)
        with pytest.raises(psycopg.Error) as refusal:
            first.execute(
                "insert into ref.payment_term_line (payment_term_id, line_no, days, percent)"
                " values (%s, 1, 60, 100)", [term_id]
            )
        first.rollback()
        assert refusal.value.sqlstate == "RS107"
        conn.execute("delete from doc.invoice")
    # Those of a term of one's own come in statements of their own, too.
    new_id = value(
        first, "insert into ref.payment_term (name) values ('halves') returning payment_term_id"
    )
    for line_no in (1, 2):
        first.execute(
            "insert into ref.payment_term_line (payment_term_id, line_no, days, percent)"
            " values (%s, %s, %s, 50)", [new_id, line_no, 30 * line_no]
        )
    first.commit()


def test_unit_that_changed_after_the_snapshot_of_its_user(
    conn: Connection, first: Connection
) -> None:
    account_id, term_id = make_account(conn), make_term(conn)
    first.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    first.execute("select")
    conn.execute("update ref.currency set unit = 1000 where code = 'IRR'")
    with pytest.raises(psycopg.errors.SerializationFailure):
        first.execute(ADD_INVOICE, [account_id, term_id])


@pytest.mark.parametrize("level", ["READ_COMMITTED", "REPEATABLE_READ", "SERIALIZABLE"])
def test_unit_of_a_currency_in_which_an_account_is_being_opened(
    conn: Connection, first: Connection, second: Connection, level: str
) -> None:
    term_id = make_term(conn)
    conn.execute("insert into ref.currency (code, unit) values ('XTS', 1)")
    first.isolation_level = psycopg.IsolationLevel[level]
    account_id = make_account(first, currency="XTS")

    def use() -> None:
        first.execute(ADD_INVOICE, [account_id, term_id])
        first.commit()

    with pytest.raises(psycopg.Error) as refusal:
        while_it_waits(
            conn, second,
            lambda: second.execute("update ref.currency set unit = 0.01 where code = 'XTS'"), use
        )
    assert refusal.value.sqlstate == "RS105"


def test_two_regions_moved_under_each_other(
    conn: Connection, first: Connection, second: Connection
) -> None:
    conn.execute("insert into ref.region (region_id, name) values (1001, 'a'), (1002, 'b')")
    move = "update ref.region set parent_id = %s where region_id = %s"
    first.execute(move, [1002, 1001])
    with pytest.raises(psycopg.Error) as refusal:
        while_it_waits(conn, second, lambda: second.execute(move, [1001, 1002]), first.commit)
    assert refusal.value.sqlstate == "RS106"


@pytest.mark.parametrize("level", ["REPEATABLE_READ", "SERIALIZABLE"])
def test_region_moved_under_one_that_moved_after_the_snapshot(
    conn: Connection, first: Connection, level: str
) -> None:
    conn.execute(
        "insert into ref.region (region_id, parent_id, name)"
        " values (1001, null, 'a'), (1002, null, 'b'), (1003, 1001, 'under a')"
    )
    move = "update ref.region set parent_id = %s where region_id = %s"
    first.isolation_level = psycopg.IsolationLevel[level]
    first.execute("select")
    conn.execute(move, [1002, 1001])
    with pytest.raises(psycopg.errors.SerializationFailure):
        first.execute(move, [1003, 1002])
    first.rollback()
    with pytest.raises(psycopg.Error) as refusal:
        first.execute(move, [1003, 1002])
    assert refusal.value.sqlstate == "RS106"
