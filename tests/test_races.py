"""What several connections write at once is right when each of them has committed.

A writer that came too late, or crossed another, is refused with 40001 or 40P01 and tries again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from itertools import cycle
from random import Random
from typing import Any

import psycopg
import pytest
from psycopg import IsolationLevel

from book import (
    Connection,
    add,
    applied,
    at_once,
    cheque,
    invoice,
    make_account,
    payment,
    value,
    while_it_waits,
    wrong,
)

LEVELS = [
    IsolationLevel.READ_COMMITTED,
    IsolationLevel.REPEATABLE_READ,
    IsolationLevel.SERIALIZABLE,
]
LATE_LEVELS = LEVELS[1:]
AGAIN = (psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected)
every_level = pytest.mark.parametrize("level", LEVELS, ids=lambda level: level.name)
late_levels = pytest.mark.parametrize("level", LATE_LEVELS, ids=lambda level: level.name)


@pytest.fixture
def connect(database: str) -> Iterator[Callable[[], Connection]]:
    """Open connections to the test's database; each statement waits at most so long."""
    with ExitStack() as stack:

        def connect(level: IsolationLevel = IsolationLevel.READ_COMMITTED) -> Connection:
            connection: Connection = stack.enter_context(psycopg.connect(database))
            connection.isolation_level = level
            connection.execute("set deadlock_timeout = '100ms'")
            connection.execute("set statement_timeout = '30s'")
            connection.commit()
            return connection

        yield connect


def until_done(connection: Connection, work: Callable[..., Any], *arguments: object) -> Any:
    """Run the work as one transaction, again after each failure that asks for it."""
    for _ in range(500):
        try:
            with connection.transaction():
                return work(connection, *arguments)
        except AGAIN:
            continue
    raise AssertionError("it never came through")


# ---------------------------------------------------------------------------- many at one account


@every_level
def test_nothing_is_lost_or_allocated_twice_on_one_account(
    conn: Connection, connect: Callable[..., Connection], level: IsolationLevel
) -> None:
    account_id = make_account(conn)
    committed: list[int] = []

    def write(connection: Connection, number: int) -> None:
        for day in range(1, 9):
            kind = invoice if (number + day) % 2 else payment
            committed.append(
                until_done(connection, kind, account_id, 30, f"2025-01-{day:02}")
            )

    connections = [connect(level) for _ in range(4)]
    at_once((write, c, n) for n, c in enumerate(connections))

    assert not wrong(conn)
    assert len(committed) == 32
    there = conn.execute(
        "select invoice_id from doc.invoice union all select payment_id from doc.payment"
    ).fetchall()
    assert sorted(committed) == sorted(row[0] for row in there)
    # 16 × 30 owed and 16 × 30 paid: all of it found its way.
    assert value(conn, "select sum(amount) from bi.allocation") == 480
    assert conn.execute(
        "select open_amount, unapplied_amount from bi.account where account_id = %s", [account_id]
    ).fetchone() == (0, 0)


def pin(c: Connection, account_id: int, cheque_id: int, invoice_id: int) -> None:
    add(c, "pin", account_id, cheque_id=cheque_id, invoice_id=invoice_id)


def bounce(c: Connection, account_id: int, cheque_id: int) -> None:
    c.execute(
        "update doc.cheque set status = 'bounced', status_date = '2025-03-01'"
        " where account_id = %s and cheque_id = %s",
        [account_id, cheque_id],
    )


@every_level
def test_a_pin_a_payment_and_a_bounce_at_once(
    conn: Connection, connect: Callable[..., Connection], level: IsolationLevel
) -> None:
    account_id = make_account(conn)
    for day in range(1, 7):
        invoice(conn, account_id, 100, f"2025-01-0{day}")
        second = invoice(conn, account_id, 100, f"2025-01-0{day}")
        cheque_id = cheque(conn, account_id, 150, f"2025-02-0{day}")
        at_once(
            [
                (until_done, connect(level), pin, account_id, cheque_id, second),
                (until_done, connect(level), payment, account_id, 70, f"2025-01-2{day}"),
                (until_done, connect(level), bounce, account_id, cheque_id),
            ]
        )
        assert not wrong(conn)
    # Every cheque bounced: the payments, 70 each, settled the oldest, in order.
    assert value(conn, "select sum(amount) from bi.allocation where credit_type = 'payment'") == 420
    assert value(conn, "select count(*) from bi.allocation where credit_type = 'cheque'") == 0
    assert value(conn, "select count(*) from doc.pin") == 6


def test_everything_at_once_on_all_levels(
    conn: Connection, connect: Callable[..., Connection]
) -> None:
    accounts = [make_account(conn, policy=p) for p in ("fifo_issue", "fifo_due", "manual")]

    def step(c: Connection, seed: int) -> None:
        rng = Random(seed)  # noqa: S311
        account_id = rng.choice(accounts)
        day = f"2025-01-{rng.randrange(1, 28):02}"
        amount = rng.choice((10, 20, 50, 100))
        known = c.execute(
            "select invoice_id from doc.invoice where account_id = %s", [account_id]
        ).fetchall()
        named = rng.choice(known)[0] if known else None
        match rng.randrange(11):
            case 0 | 1:
                invoice(c, account_id, amount, day, due_date=f"2025-02-{rng.randrange(1, 28):02}")
            case 2:
                payment(c, account_id, amount, day)
            case 3:
                add(c, "credit_note", account_id, amount=amount, doc_date=day, invoice_id=named)
            case 4:
                add(c, "adjustment", account_id, amount=amount, doc_date=day, invoice_id=named)
            case 5 if named:
                add(c, "pin", account_id, cheque_id=cheque(c, account_id, amount, day),
                    invoice_id=named)
            case 6:
                c.execute("update doc.cheque set status = 'bounced' where status = 'in_hand'"
                          " and account_id = %s and amount = %s", [account_id, amount])
            case 7:
                c.execute("update doc.invoice set status = 'void' where account_id = %s"
                          " and invoice_id = %s", [account_id, named])
            case 8:
                c.execute("delete from doc.payment where (account_id, payment_id) in"
                          " (select account_id, payment_id from doc.payment"
                          " where account_id = %s order by random() limit 1)", [account_id])
            case 9:
                c.execute("update doc.payment set amount = amount + 1, doc_date = %s"
                          " where account_id = %s and amount = %s", [day, account_id, amount])
            case _:
                payment(c, accounts[0], amount, day)
                payment(c, accounts[1], amount, day)

    def walk(connection: Connection, seed: int) -> None:
        rng = Random(seed)  # noqa: S311
        for _ in range(25):
            until_done(connection, step, rng.randrange(2**32))

    levels = cycle(LEVELS)
    connections = [connect(next(levels)) for _ in range(4)]
    at_once((walk, c, n) for n, c in enumerate(connections))
    assert not wrong(conn)
    # What is left at the end is up to chance, down to a few allocations; that much was done is not.
    assert value(conn, "select sum(change_count)::int from calc.account") > 50


def test_a_crowd_of_short_transactions_on_many_accounts(
    conn: Connection, connect: Callable[..., Connection]
) -> None:
    """Nobody is refused: in READ COMMITTED, one account a transaction, all only take turns."""
    accounts = [make_account(conn) for _ in range(5)]

    def write(connection: Connection, seed: int) -> None:
        rng = Random(seed)  # noqa: S311
        for _ in range(20):
            kind = rng.choice((invoice, payment, cheque))
            kind(connection, rng.choice(accounts), rng.randrange(1, 50), "2025-01-05")
            connection.commit()

    connections = [connect() for _ in range(6)]
    at_once((write, c, n) for n, c in enumerate(connections))
    assert not wrong(conn)
    assert value(conn, "select count(*) from calc.line") + value(
        conn, "select count(*) from calc.credit"
    ) == 120


# ------------------------------------------------------------------------------ waiting and turns


def write_every_kind(c: Connection, account_id: int) -> None:
    """Write, change and take away some of everything that belongs to one account."""
    bought = invoice(c, account_id, 100, "2025-01-01")
    paid = payment(c, account_id, 30, "2025-01-02")
    handed = cheque(c, account_id, 40, "2025-01-03")
    add(c, "pin", account_id, payment_id=paid, invoice_id=bought)
    add(c, "credit_note", account_id, amount=5, doc_date="2025-01-04", invoice_id=bought)
    add(c, "adjustment", account_id, amount=5, doc_date="2025-01-04", invoice_id=bought)
    c.execute("update doc.cheque set status = 'bounced' where cheque_id = %s", [handed])
    c.execute("update ref.account set policy = 'fifo_due' where account_id = %s", [account_id])
    c.execute("delete from doc.payment where payment_id = %s", [paid])
    c.execute("select calc.rebuild(%s)", [account_id])


@every_level
def test_writers_of_different_accounts_never_wait(
    conn: Connection, connect: Callable[..., Connection], level: IsolationLevel
) -> None:
    one, other = make_account(conn), make_account(conn)
    first, second = connect(level), connect(level)
    for connection, account_id in ((first, one), (second, other), (first, one), (second, other)):
        connection.execute("set local lock_timeout = '1ms'")
        write_every_kind(connection, account_id)
        assert value(conn, "select count(*) from pg_locks where not granted") == 0
    first.commit()
    if level is IsolationLevel.SERIALIZABLE:
        # PostgreSQL watches pages, not accounts: it may ask for another try, but nobody waited.
        with suppress(psycopg.errors.SerializationFailure):
            second.commit()
    else:
        second.commit()
        assert value(conn, "select count(distinct account_id) from calc.allocation") == 2
    assert not wrong(conn)


def test_writers_of_one_account_take_turns(
    conn: Connection, connect: Callable[..., Connection]
) -> None:
    account_id = make_account(conn)
    first, second = connect(), connect()
    bought = invoice(first, account_id, 100, "2025-01-01")
    paid: list[int] = []

    def pay() -> None:
        paid.append(payment(second, account_id, 60, "2025-01-02"))

    while_it_waits(conn, second, pay, first.commit)
    # It came after the first and sees what that one wrote.
    assert applied(second, account_id) == [(bought, 0, paid[0], 60, "auto")]
    second.commit()
    assert not wrong(conn)
    assert value(conn, "select open_amount from bi.invoice where invoice_id = %s", bought) == 40


def test_the_second_writer_does_not_wait_for_one_that_rolls_back_in_vain(
    conn: Connection, connect: Callable[..., Connection]
) -> None:
    account_id = make_account(conn)
    first, second = connect(), connect()
    invoice(first, account_id, 100, "2025-01-01")
    while_it_waits(conn, second, lambda: payment(second, account_id, 60, "2025-01-02"),
                   first.rollback)
    second.commit()
    assert not wrong(conn)
    assert value(conn, "select unapplied_amount from bi.account where account_id = %s",
                 account_id) == 60


@late_levels
def test_a_writer_whose_snapshot_is_old_is_refused_and_comes_again(
    conn: Connection, connect: Callable[..., Connection], level: IsolationLevel
) -> None:
    account_id = make_account(conn)
    late = connect(level)
    late.execute("select")
    bought = invoice(conn, account_id, 100, "2025-01-01")
    with pytest.raises(psycopg.errors.SerializationFailure):
        payment(late, account_id, 60, "2025-01-02")
    late.rollback()
    paid = until_done(late, payment, account_id, 60, "2025-01-02")
    assert applied(conn, account_id) == [(bought, 0, paid, 60, "auto")]
    assert not wrong(conn)


@late_levels
def test_a_writer_that_waited_with_an_old_snapshot_is_refused(
    conn: Connection, connect: Callable[..., Connection], level: IsolationLevel
) -> None:
    account_id = make_account(conn)
    first, late = connect(), connect(level)
    late.execute("select")
    invoice(first, account_id, 100, "2025-01-01")
    with pytest.raises(psycopg.errors.SerializationFailure):
        while_it_waits(conn, late, lambda: payment(late, account_id, 60, "2025-01-02"),
                       first.commit)
    late.rollback()
    assert not wrong(conn)


@late_levels
def test_an_old_snapshot_may_write_to_an_account_nobody_touched(
    conn: Connection, connect: Callable[..., Connection], level: IsolationLevel
) -> None:
    one, other = make_account(conn), make_account(conn)
    late = connect(level)
    late.execute("select")
    invoice(conn, one, 100, "2025-01-01")
    invoice(late, other, 100, "2025-01-01")
    late.commit()
    assert not wrong(conn)
    assert value(conn, "select count(*) from calc.line") == 2


@every_level
def test_crossed_accounts_end_in_a_deadlock_and_both_come_through(
    conn: Connection, connect: Callable[..., Connection], level: IsolationLevel
) -> None:
    one, other = make_account(conn), make_account(conn)
    first, second = connect(level), connect(level)
    invoice(first, one, 100, "2025-01-01")
    invoice(second, other, 100, "2025-01-01")
    refused: list[str | None] = []

    def cross(connection: Connection, account_id: int) -> None:
        try:
            payment(connection, account_id, 10, "2025-01-02")
            connection.commit()
        except AGAIN as error:
            connection.rollback()
            refused.append(error.sqlstate)

    at_once([(cross, first, other), (cross, second, one)])
    assert "40P01" in refused
    for connection in (first, second):
        until_done(connection, write_pair, one, other)
    assert not wrong(conn)


def write_pair(c: Connection, one: int, other: int) -> None:
    invoice(c, other, 100, "2025-01-01")
    payment(c, one, 10, "2025-01-02")


def test_one_statement_over_many_accounts_does_not_deadlock_with_its_mirror_image(
    conn: Connection, connect: Callable[..., Connection]
) -> None:
    """Accounts are locked in order of their ids, whatever the order of the rows."""
    accounts = [make_account(conn) for _ in range(20)]

    def write(connection: Connection, order: str) -> None:
        for number in range(10):
            connection.execute(
                "insert into doc.payment (account_id, amount, doc_date)"
                " select account_id, 1, date '2025-01-01' + %s from unnest(%s::bigint[])"
                f" as a (account_id) order by account_id {order}",
                [number, accounts],
            )
            connection.commit()

    connections = [connect() for _ in range(4)]
    orders = ("asc", "desc", "asc", "desc")
    at_once(zip([write] * 4, connections, orders, strict=True))
    assert not wrong(conn)
    assert value(conn, "select count(*) from calc.credit") == 800


TABLES = (
    "invoice", "installment", "payment", "cheque", "credit_note", "adjustment", "set_off", "pin",
)  # fmt: skip


@pytest.mark.parametrize(
    "statement",
    [
        *(f"update doc.{table} set amount = amount + 1" for table in TABLES),
        *(f"delete from doc.{table} where note = 'alone'" for table in TABLES),
        "update ref.account set policy = 'manual'",
    ],
)
def test_who_goes_through_the_accounts_in_order_meets_no_deadlock(
    conn: Connection, connect: Callable[..., Connection], statement: str
) -> None:
    """Each statement does, whatever the order in which its rows lie."""
    one, other = make_account(conn), make_account(conn, "payable")
    free: dict[str, Any] = {"amount": 100, "note": "alone"}
    dated = free | {"doc_date": "2025-01-03"}
    with conn.transaction():
        for account_id in (other, one):
            of = {
                "invoice_id": invoice(conn, account_id, 100, "2025-01-01"),
                "payment_id": payment(conn, account_id, 10, "2025-01-02"),
            }
            for table, columns in (
                ("invoice", dated),
                ("installment", free | {"invoice_id": of["invoice_id"], "line_no": 1,
                                        "due_date": "2025-01-01"}),
                ("payment", dated),
                ("cheque", dated | {"due_date": "2025-02-01"}),
                ("credit_note", dated),
                ("adjustment", dated | {"kind": "discount"}),
                ("set_off", dated | {"set_off_no": "S"}),
                ("pin", free | of),
            ):
                add(conn, table, account_id, **columns)
    first, second = connect(), connect()
    payment(first, one, 1, "2025-01-04")

    def go_on() -> None:
        payment(first, other, 1, "2025-01-04")
        first.commit()

    while_it_waits(conn, second, lambda: second.execute(statement), go_on)
    second.rollback()
    assert not wrong(conn)


# -------------------------------------------------------------------------- accounts and policies


def test_an_account_that_is_not_committed_takes_no_documents_of_others(
    conn: Connection, connect: Callable[..., Connection]
) -> None:
    first, second = connect(), connect()
    account_id = make_account(first)
    invoice(first, account_id, 100, "2025-01-01")
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        payment(second, account_id, 60, "2025-01-02")
    second.rollback()
    first.commit()
    payment(second, account_id, 60, "2025-01-02")
    second.commit()
    assert not wrong(conn)


def test_an_account_is_not_deleted_under_a_document(
    conn: Connection, connect: Callable[..., Connection]
) -> None:
    account_id = make_account(conn)
    first, second = connect(), connect()
    invoice(first, account_id, 100, "2025-01-01")
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        while_it_waits(
            conn, second,
            lambda: second.execute("delete from ref.account where account_id = %s", [account_id]),
            first.commit,
        )
    second.rollback()
    assert not wrong(conn)


def test_an_account_deleted_meanwhile_takes_no_document(
    conn: Connection, connect: Callable[..., Connection]
) -> None:
    account_id = make_account(conn)
    first, second = connect(), connect()
    first.execute("delete from ref.account where account_id = %s", [account_id])
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        while_it_waits(conn, second, lambda: invoice(second, account_id, 100, "2025-01-01"),
                       first.commit)
    second.rollback()
    assert not wrong(conn)
    assert value(conn, "select count(*) from calc.account") == 0


def rebuild_book(c: Connection) -> None:
    c.execute("select calc.rebuild()")


def test_accounts_made_while_the_book_is_rebuilt(
    conn: Connection, connect: Callable[..., Connection]
) -> None:
    for _ in range(5):
        write_pair(conn, make_account(conn), make_account(conn))

    def open_pair(c: Connection) -> None:
        write_pair(c, make_account(c), make_account(c))

    def open_accounts(connection: Connection) -> None:
        for _ in range(10):
            until_done(connection, open_pair)

    def rebuild(connection: Connection) -> None:
        for _ in range(5):
            until_done(connection, rebuild_book)

    connections = [connect() for _ in range(4)]
    works = [open_accounts, rebuild, open_accounts, rebuild]
    at_once(zip(works, connections, strict=True))
    assert not wrong(conn)
    assert value(conn, "select count(*) from calc.account") == 50


@pytest.mark.parametrize(
    ("policy", "expected"), [("manual", []), ("fifo_due", [2]), ("fifo_issue", [1])]
)
def test_a_change_of_policy_while_a_payment_comes(
    conn: Connection, connect: Callable[..., Connection], policy: str, expected: list[int]
) -> None:
    """Whichever comes first, the payment goes where the policy that remains sends it."""
    for policy_first in (True, False):
        account_id = make_account(
            conn, policy="fifo_due" if policy == "fifo_issue" else "fifo_issue"
        )
        later_due = invoice(conn, account_id, 100, "2025-01-01", due_date="2025-06-01")
        sooner_due = invoice(conn, account_id, 100, "2025-01-02", due_date="2025-02-01")
        first, second = connect(), connect()

        def change(c: Connection, account_id: int = account_id) -> None:
            c.execute("update ref.account set policy = %s where account_id = %s",
                      [policy, account_id])

        def pay(c: Connection, account_id: int = account_id) -> None:
            payment(c, account_id, 60, "2025-01-03")

        earlier, later = (change, pay) if policy_first else (pay, change)
        earlier(first)
        while_it_waits(conn, second, lambda: later(second), first.commit)  # noqa: B023
        second.commit()
        assert not wrong(conn)
        names = {later_due: 1, sooner_due: 2}
        assert [names[row[0]] for row in applied(conn, account_id)] == expected


def test_rebuilding_while_documents_come(
    conn: Connection, connect: Callable[..., Connection]
) -> None:
    accounts = [make_account(conn) for _ in range(3)]

    def write(connection: Connection) -> None:
        for number in range(30):
            kind = payment if number % 2 else invoice
            day = f"2025-01-{1 + number % 28:02}"
            until_done(connection, kind, accounts[number % 3], 10 + number, day)

    def rebuild(connection: Connection) -> None:
        for _ in range(10):
            until_done(connection, rebuild_book)

    connections = [connect(), connect(IsolationLevel.REPEATABLE_READ), connect()]
    works = [write, write, rebuild]
    at_once(zip(works, connections, strict=True))
    assert not wrong(conn)
    assert value(conn, "select count(*) from calc.line") == 30


def test_readers_wait_for_nobody(conn: Connection, connect: Callable[..., Connection]) -> None:
    account_id = make_account(conn)
    writer, reader = connect(), connect()
    write_every_kind(writer, account_id)
    reader.execute("set lock_timeout = '1ms'")
    for view in ("invoice", "allocation", "credit", "account", "aging", "cheque", "exception"):
        reader.execute(f"select * from bi.{view}")
    for function in ("invoice", "account", "aging"):
        reader.execute(f"select * from bi.{function}_as_of('2025-02-01')")
    assert value(reader, "select count(*) from calc.verify()") == 0
    reader.execute("set lock_timeout = 0")


# --------------------------------------------------------------------------------------- set-offs


def leg(c: Connection, account_id: int, number: str, amount: int = 10) -> int:
    return add(c, "set_off", account_id, set_off_no=number, amount=amount, doc_date="2025-01-05")


def both_legs(c: Connection, accounts: tuple[int, int], number: str) -> None:
    for account_id in accounts:
        leg(c, account_id, number)


def test_legs_of_a_set_off_do_not_meet_across_transactions(
    conn: Connection, connect: Callable[..., Connection]
) -> None:
    theirs, ours = make_account(conn), make_account(conn, "payable")
    first, second = connect(), connect()
    leg(first, theirs, "7")
    leg(second, ours, "7")
    with pytest.raises(psycopg.Error) as refusal:
        first.commit()
    assert refusal.value.sqlstate == "RS007"
    with pytest.raises(psycopg.Error) as refusal:
        second.commit()
    assert refusal.value.sqlstate == "RS007"
    assert value(conn, "select count(*) from doc.set_off") == 0
    assert not wrong(conn)


def test_set_offs_over_the_same_accounts_in_crossed_order(
    conn: Connection, connect: Callable[..., Connection]
) -> None:
    theirs, ours = make_account(conn), make_account(conn, "payable")
    invoice(conn, theirs, 100, "2025-01-01")
    invoice(conn, ours, 100, "2025-01-01")

    def write(connection: Connection, number: int) -> None:
        accounts = (theirs, ours) if number % 2 else (ours, theirs)
        for day in range(4):
            until_done(connection, both_legs, accounts, f"{number}-{day}")

    connections = [connect() for _ in range(3)]
    at_once((write, c, n) for n, c in enumerate(connections))
    assert not wrong(conn)
    assert value(conn, "select count(*) from doc.set_off") == 24
    assert value(conn, "select count(*) from calc.line where open_amount = 0") == 2
