"""The local cluster: made, started, found, crashed and stopped."""

from __future__ import annotations

import os
import socket
import stat
from collections.abc import Callable, Iterator

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from rasid_cli.server import Cluster, ServerError

MakeCluster = Callable[..., Cluster]


@pytest.fixture
def cluster(make_cluster: MakeCluster) -> Iterator[Cluster]:
    """A running cluster of the test's own, in a folder that is awkward to quote."""
    made = make_cluster()
    awkward = Cluster(made.bindir, made.home / "it's a $long folder" / ("x" * 100), made.settings)
    awkward.start()
    yield awkward
    awkward.stop("immediate")


def answer(cluster: Cluster, query: str) -> object:
    with psycopg.connect(cluster.dsn()) as connection:
        row = connection.execute(query).fetchone()
        assert row is not None
        return row[0]


def test_it_is_utf8_in_utc_and_sorts_the_same_everywhere(cluster: Cluster) -> None:
    assert answer(cluster, "show server_encoding") == "UTF8"
    assert answer(cluster, "show timezone") == "UTC"
    assert answer(cluster, "select array_agg(x order by x) from unnest(array['b', 'B', 'گ', 'ک'])"
                           " as x") == ["B", "b", "ک", "گ"]
    assert answer(cluster, "select upper('é')") == "É"


def test_it_is_reached_over_this_machine_with_the_password_only(cluster: Cluster) -> None:
    address = conninfo_to_dict(cluster.dsn())
    assert address["host"] == "127.0.0.1"
    secret = cluster.home / "password"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(make_conninfo(cluster.dsn(), password="wrong"))  # noqa: S106
    assert answer(cluster, "show unix_socket_directories") == ""


def test_a_running_one_is_left_alone(cluster: Cluster) -> None:
    assert cluster.is_running()
    assert not cluster.start()
    assert cluster.stop()
    assert not cluster.stop()
    assert not cluster.is_running()


def test_what_was_committed_is_there_after_a_crash(make_cluster: MakeCluster) -> None:
    cluster = make_cluster(fsync="on", synchronous_commit="on", full_page_writes="on")
    cluster.start()
    address = cluster.ensure_database("book")
    with psycopg.connect(address) as connection:
        connection.execute("create table kept as select 1")
    cluster.stop("immediate")
    assert cluster.start()
    assert cluster.ensure_database("book") == address
    with psycopg.connect(address) as connection:
        assert connection.execute("select * from kept").fetchall() == [(1,)]


def test_a_number_that_another_process_got_does_not_keep_it_from_starting(
    cluster: Cluster,
) -> None:
    file = cluster.data / "postmaster.pid"
    lines = file.read_text().splitlines()
    cluster.stop()
    file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    assert not cluster.is_running()
    assert cluster.start()


def test_a_port_that_was_taken_meanwhile_is_replaced(cluster: Cluster) -> None:
    port = conninfo_to_dict(cluster.dsn())["port"]
    cluster.stop()
    cluster.start()
    assert conninfo_to_dict(cluster.dsn())["port"] == port
    cluster.stop()
    with socket.create_server(("127.0.0.1", int(str(port)))):
        cluster.start()
        assert conninfo_to_dict(cluster.dsn())["port"] != port
        assert answer(cluster, "select 1") == 1


def test_data_of_another_version_are_refused(cluster: Cluster) -> None:
    cluster.stop()
    (cluster.data / "PG_VERSION").write_text("9\n")
    with pytest.raises(ServerError, match="PostgreSQL 9"):
        cluster.start()


def test_a_server_that_does_not_start_says_why(make_cluster: MakeCluster) -> None:
    cluster = make_cluster(max_connections="none")
    with pytest.raises(ServerError, match="max_connections"):
        cluster.start()
