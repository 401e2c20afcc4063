"""A streaming replica answers: what is read needs no write, no lock and no temporary table."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from rasid_cli import db, demo
from rasid_cli.migrate import migrate
from rasid_cli.server import SYSTEM_USER, Cluster

Connection = psycopg.Connection[Any]
DAYS = ("2024-12-31", "2025-06-30")


@pytest.fixture(scope="module")
def primary(make_cluster: Callable[..., Cluster]) -> Iterator[Connection]:
    cluster = make_cluster(wal_level="replica", max_wal_senders="4")
    cluster.start()
    with psycopg.connect(cluster.ensure_database("book"), autocommit=True) as connection:
        migrate(connection, db.tree())
        demo.load(connection, customers=30, invoices=400)
        yield connection
    cluster.stop("immediate")


@pytest.fixture(scope="module")
def replica(
    primary: Connection, make_cluster: Callable[..., Cluster], bindir: Path
) -> Iterator[Connection]:
    """A hot standby of the primary, made by pg_basebackup and fed by its stream."""
    cluster = make_cluster()
    source = conninfo_to_dict(primary.info.dsn)
    environment = {"PATH": os.defpath, "PGPASSWORD": primary.info.password}
    subprocess.run(
        [bindir / "pg_basebackup", f"--host={source['host']}", f"--port={source['port']}",
         f"--username={source['user']}", f"--pgdata={cluster.data}", "--write-recovery-conf",
         "--checkpoint=fast", "--wal-method=stream"],
        env=environment, check=True, capture_output=True)
    if os.geteuid() == 0:  # the server runs as a user of its own
        owner = pwd.getpwnam(SYSTEM_USER)
        for path in (cluster.data, *cluster.data.rglob("*")):
            shutil.chown(path, owner.pw_uid, owner.pw_gid)
    (cluster.home / "password").write_text(primary.info.password)
    cluster.start()
    with psycopg.connect(cluster.dsn("book"), autocommit=True) as connection:
        yield connection
    cluster.stop("immediate")


def answer(connection: Connection, query: str, *parameters: object) -> Any:
    row = connection.execute(query, parameters).fetchone()
    assert row is not None
    return row[0]


def caught_up(primary: Connection, replica: Connection) -> None:
    """Wait until the replica has what the primary wrote."""
    position = answer(primary, "select pg_current_wal_insert_lsn()::text")
    deadline = time.monotonic() + 30
    while not answer(replica, "select pg_last_wal_replay_lsn() >= %s::pg_lsn", position):
        assert time.monotonic() < deadline, "the replica does not follow"
        time.sleep(0.05)


def queries(connection: Connection) -> list[str]:
    """Every view that people read, and every read function of a day."""
    return [row[0] for row in connection.execute(
        """
        select format('select * from %%I.%%I', n.nspname, c.relname)
        from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        where n.nspname in ('bi', 'mobile')
          and c.relkind in ('v', 'm')
        union all
        select format('select * from %%s(%%L)', p.oid::regproc, day)
        from pg_proc p
        cross join unnest(%s::text[]) day
        where p.pronamespace = 'bi'::regnamespace
          and p.proname like '%%\\_as\\_of'
        order by 1
        """, [list(DAYS)])]


def read(connection: Connection, query: str) -> list[str]:
    return sorted(map(str, connection.execute(query).fetchall()))


def test_a_replica_shows_the_same_rows(primary: Connection, replica: Connection) -> None:
    assert answer(replica, "select pg_is_in_recovery()")
    asked = queries(primary)
    assert len([query for query in asked if "_as_of" in query]) >= 3 * len(DAYS)
    for change in (
        "select",
        "insert into doc.payment (account_id, doc_date, amount)"
        " select account_id, '2025-03-03', 1000 from ref.account",
        "update doc.cheque set status = 'bounced', status_date = doc_date"
        " where status = 'deposited'",
    ):
        primary.execute(change)
        caught_up(primary, replica)
        for query in asked:
            shown = read(primary, query)
            assert read(replica, query) == shown, query
            if "from bi.invoice" in query:
                assert shown


def test_nothing_is_written_by_reading(primary: Connection, replica: Connection) -> None:
    caught_up(primary, replica)
    before = answer(replica, "select pg_last_wal_replay_lsn()::text")
    for query in queries(primary):
        with primary.transaction():
            primary.execute("set transaction read only")
            read(primary, query)
            assert answer(primary, "select pg_current_xact_id_if_assigned() is null"), query
            locks = primary.execute(
                """
                select distinct mode from pg_locks
                where pid = pg_backend_pid() and locktype = 'relation'
                """).fetchall()
            assert locks in ([], [("AccessShareLock",)]), query
    assert answer(primary, "select count(*) from pg_class where relpersistence = 't'") == 0
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        replica.execute("insert into doc.payment (account_id, doc_date, amount)"
                        " select account_id, '2025-03-03', 1000 from ref.account")
    assert answer(replica, "select %s::pg_lsn <= pg_last_wal_replay_lsn()", before)


def test_a_replica_proves_the_figures(primary: Connection, replica: Connection) -> None:
    caught_up(primary, replica)
    assert replica.execute("select * from calc.verify()").fetchall() == []
