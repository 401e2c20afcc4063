"""Eight connections of mixed work do no harm, not even when the server crashes under them.

The long form is `rasid soak --minutes N [--kill]`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import psycopg
import pytest

from rasid_cli import soak
from rasid_cli.server import Cluster

SECONDS = 6


@pytest.fixture(scope="module")
def cluster(make_cluster: Callable[..., Cluster]) -> Iterator[Cluster]:
    """A server that keeps what it acknowledged."""
    made = make_cluster(fsync="on", synchronous_commit="on", full_page_writes="on")
    made.start()
    yield made
    made.stop("immediate")


def test_mixed_load_while_the_server_crashes(cluster: Cluster) -> None:
    with soak.database(cluster) as address:
        load = soak.Soak(address, 1, may_crash=True)
        load.open_accounts()
        report = load.run(SECONDS, soak.crash_of(cluster))
    assert not report.problems, str(report)
    assert report.crashes
    assert report.looks
    assert set(report.committed) == {"read committed", "repeatable read", "serializable"}
    assert report.documents > 50


def test_a_soak_notices_what_is_wrong(cluster: Cluster) -> None:
    with soak.database(cluster) as address:
        load = soak.Soak(address, 2, may_crash=False)
        load.open_accounts()
        assert not load.run(2).problems, str(load.report)

        def problems_after(statement: str) -> list[str]:
            """What is found once the statement went past the load, the load not running."""
            with psycopg.connect(address()) as connection:
                done = connection.execute(statement)
                assert done.rowcount == 1
            load.report.problems.clear()
            return load.run(0).problems

        a_payment = """
            account_id, payment_id) = (
              select account_id, payment_id from doc.payment
              where source = 'soak' and status = 'approved' order by payment_id limit 1)
            """
        assert problems_after(f"update doc.payment set amount = amount + 1 where ({a_payment}")
        assert problems_after(f"update doc.payment set amount = amount - 1 where ({a_payment}"
                              ) == []
        assert problems_after(f"delete from doc.payment where ({a_payment}")
        assert any("calc.verify()" in problem for problem in problems_after("""
            update calc.account set paid_amount = paid_amount + 1
            where account_id = (select min(account_id) from calc.account)
            """))
