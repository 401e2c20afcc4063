"""A server that is struck down in the middle of writing keeps what it acknowledged, and no more."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import psycopg
import pytest

from book import Connection, add, invoice, make_account, payment, value, wrong
from rasid_cli import db
from rasid_cli.migrate import migrate
from rasid_cli.server import Cluster


@pytest.fixture(scope="module")
def cluster(make_cluster: Callable[..., Cluster]) -> Cluster:
    """A server on which a commit that was acknowledged is on the disk."""
    return make_cluster(fsync="on", synchronous_commit="on", full_page_writes="on")


@pytest.fixture(scope="module")
def address(cluster: Cluster) -> str:
    """Address of an empty book on it."""
    cluster.start()
    result = cluster.ensure_database("book")
    with psycopg.connect(result, autocommit=True) as connection:
        migrate(connection, db.tree())
    return result


@pytest.fixture
def accounts(cluster: Cluster, address: str) -> list[int]:
    """Some new accounts in it."""
    cluster.start()
    with psycopg.connect(address, autocommit=True) as connection:
        return [
            make_account(connection, policy=policy)
            for policy in ("fifo_issue", "fifo_due", "manual") * 2
        ]


@contextmanager
def after_the_crash(cluster: Cluster, address: str) -> Iterator[Connection]:
    """Restart after a crash and look into the book."""
    assert not cluster.is_running()
    cluster.start()
    with psycopg.connect(address, autocommit=True) as connection:
        yield connection


def test_single_documents(
    cluster: Cluster, address: str, accounts: list[int]
) -> None:
    acknowledged: list[int] = []
    refused: list[Exception] = []

    def write(number: int) -> None:
        with suppress(psycopg.OperationalError), psycopg.connect(address) as connection:
            for step in range(100_000):
                account_id = accounts[(number + step) % len(accounts)]
                day = f"2025-01-{1 + step % 28:02}"
                try:
                    if step % 3 == 0:
                        made = [payment(connection, account_id, 5 + step % 7, day)]
                    elif step % 3 == 1:
                        made = [invoice(connection, account_id, 9, day)]
                    else:
                        bought = invoice(connection, account_id, 4, day)
                        paid = payment(connection, account_id, 6, day)
                        add(connection, "pin", account_id, payment_id=paid, invoice_id=bought)
                        made = [bought, paid]
                    connection.commit()
                except psycopg.OperationalError:
                    raise
                except psycopg.Error as error:
                    refused.append(error)
                    return
                acknowledged.extend(made)

    writers = [threading.Thread(target=write, args=[number]) for number in range(3)]
    for writer in writers:
        writer.start()
    deadline = time.monotonic() + 30
    while len(acknowledged) < 150 and not refused and time.monotonic() < deadline:
        time.sleep(0.01)
    cluster.stop("immediate")
    for writer in writers:
        writer.join(30)

    assert not refused
    assert len(acknowledged) >= 150
    with after_the_crash(cluster, address) as conn:
        assert not wrong(conn)
        there = {
            row[0]
            for row in conn.execute(
                "select invoice_id from doc.invoice union all select payment_id from doc.payment"
            )
        }
        assert there.issuperset(acknowledged)
        # Whole transactions only: the pins are there with both their ends.
        assert value(conn, "select count(*) from doc.invoice where amount = 4") == value(
            conn, "select count(*) from doc.pin"
        )


@pytest.mark.parametrize("after", [0.05, 0.6])
def test_in_the_middle_of_a_load(
    cluster: Cluster, address: str, accounts: list[int], after: float
) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        for account_id in accounts:
            payment(connection, account_id, 1000, "2025-01-01")
        before = value(connection, "select count(*) from doc.invoice")
    begun = threading.Event()
    ended: list[str] = []

    def load() -> None:
        try:
            with psycopg.connect(address) as connection:
                with connection.cursor().copy(
                    "copy doc.invoice (account_id, doc_date, amount) from stdin"
                ) as copy:
                    begun.set()
                    for number in range(12_000):
                        account_id = accounts[number % len(accounts)]
                        copy.write_row((account_id, f"2025-01-{1 + number % 28:02}", 5))
                connection.commit()
            ended.append("committed")
        except psycopg.OperationalError:
            ended.append("cut short")

    loader = threading.Thread(target=load)
    loader.start()
    assert begun.wait(30)
    time.sleep(after)
    cluster.stop("immediate")
    loader.join(30)

    with after_the_crash(cluster, address) as conn:
        loaded = value(conn, "select count(*) from doc.invoice") - before
        assert loaded == (12_000 if ended == ["committed"] else 0)
        assert not wrong(conn)
        # The next load is whole.
        invoice(conn, accounts[0], 500, "2025-02-01")
        assert not wrong(conn)
