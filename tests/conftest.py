"""Databases for the tests: one cluster a run, one migrated template, a clone of it for each test.

`--pg 18` is the embedded PostgreSQL, `--pg 15` the one in PG15_BINDIR (Debian's by default); with
RASID_DSN set, that server is used as it is and only databases are made on it.
"""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from rasid_cli import db
from rasid_cli.assets import npm
from rasid_cli.migrate import migrate
from rasid_cli.server import Cluster, embedded_bindir

# Nothing here has to survive a power cut. The migration switches the compiler off for its database,
# which a clone does not inherit.
FAST = {
    "jit": "off",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "60",
}
PGTAP_PACKAGE = "@electric-sql/pglite-pgtap@0.0.15"

Connection = psycopg.Connection[Any]
MakeDatabase = Callable[..., str]

_numbers = itertools.count()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pg", choices=["15", "18"], default="18",
                     help="PostgreSQL to test on: 18 (embedded) or 15 (PG15_BINDIR)")


def pytest_report_header(config: pytest.Config) -> str:
    return f"PostgreSQL: {'RASID_DSN' if os.environ.get('RASID_DSN') else config.option.pg}"


@pytest.fixture(scope="session")
def bindir(pytestconfig: pytest.Config) -> Path:
    """Folder of the PostgreSQL programs under test: pg_dump, pg_ctl, …."""
    if pytestconfig.option.pg == "15":
        return Path(os.environ.get("PG15_BINDIR") or "/usr/lib/postgresql/15/bin")
    return embedded_bindir()


@pytest.fixture(scope="session")
def make_cluster(bindir: Path) -> Iterator[Callable[..., Cluster]]:
    """Make a stopped, throw-away cluster of one's own: `make_cluster(fsync='on', …)`."""
    made: list[Cluster] = []

    def make(**settings: str) -> Cluster:
        home = Path(tempfile.mkdtemp(prefix="rasid-test-"))
        made.append(Cluster(bindir, home, FAST | settings))
        return made[-1]

    yield make
    for cluster in made:
        cluster.stop("immediate")
        shutil.rmtree(cluster.home)


@pytest.fixture(scope="session")
def server(make_cluster: Callable[..., Cluster]) -> str:
    """Address of the server the tests share; databases are made on it."""
    given = os.environ.get("RASID_DSN")
    if given:
        return given
    cluster = make_cluster()
    cluster.start()
    return cluster.dsn()


@pytest.fixture(scope="session")
def make_database(server: str) -> Iterator[MakeDatabase]:
    """Make a database, empty or a clone of another: `make_database(template=None)` → address."""
    made: list[str] = []

    def run(statement: str, *names: str) -> None:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(
                sql.SQL(statement).format(*map(sql.Identifier, names))
            )

    def make(template: str | None = None) -> str:
        name = f"rasid_test_{os.getpid()}_{next(_numbers)}"
        source = "template0" if template is None else name_of(template)
        # On a server of our own nothing is synchronized, so copying files is quicker than logging.
        is_ours = not os.environ.get("RASID_DSN")
        run("create database {} template {}" + " strategy file_copy" * is_ours, name, source)
        made.append(name)
        return make_conninfo(server, dbname=name)

    yield make
    if os.environ.get("RASID_DSN"):  # a server of our own goes as a whole
        for name in made:
            run("drop database if exists {} with (force)", name)


def name_of(dsn: str) -> str:
    """Name of the database at an address."""
    return str(psycopg.conninfo.conninfo_to_dict(dsn)["dbname"])


@pytest.fixture(scope="session")
def template(make_database: MakeDatabase) -> str:
    """Address of the migrated database that is cloned; nobody may stay connected to it."""
    address = make_database()
    with psycopg.connect(address, autocommit=True) as connection:
        migrate(connection, db.tree())
    return address


@pytest.fixture
def database(server: str, template: str, make_database: MakeDatabase) -> Iterator[str]:
    """Address of a migrated database of the test's own."""
    address = make_database(template)
    yield address
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(
            sql.SQL("drop database {} with (force)").format(sql.Identifier(name_of(address)))
        )


@pytest.fixture
def conn(database: str) -> Iterator[Connection]:
    """Open connection to the test's own database, in autocommit mode."""
    with psycopg.connect(database, autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def pgtap_connection(
    pytestconfig: pytest.Config, template: str, make_database: MakeDatabase
) -> Iterator[Connection]:
    """Where pytest-pgtap runs tests/db/**/test_*.sql: each file rolls itself back.

    pgTAP stands in a schema of its own, beside the helpers of tests/db/helpers.
    """
    address = make_database(template)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("create schema tap; grant usage on schema tap to public")
        connection.execute(
            sql.SQL("alter database {} set search_path = public, tap").format(
                sql.Identifier(name_of(address))
            )
        )
        known = "select 1 from pg_available_extensions where name = 'pgtap'"
        if connection.execute(known).fetchone():
            connection.execute("create extension pgtap schema tap")
        else:
            # Its files need not lie where the server looks for extensions: the script of pgTAP
            # runs by itself, on servers whose folders we can't write to as well.
            connection.execute("set search_path = tap")
            connection.execute(pgtap_script(pytestconfig))
    with psycopg.connect(address) as connection:
        for helper in sorted((Path(__file__).parent / "db" / "helpers").glob("*.sql")):
            connection.execute(helper.read_text())
        connection.commit()
        yield connection


def pgtap_script(config: pytest.Config) -> str:
    """The SQL of pgTAP, from its npm package; fetched once and kept in pytest's cache."""
    assert config.cache is not None
    folder = config.cache.mkdir("pgtap")
    kept = folder / "pgtap.sql"
    if not kept.exists():
        with tempfile.TemporaryDirectory() as name:
            try:
                subprocess.run([*npm(), "pack", "--silent", PGTAP_PACKAGE], cwd=name, check=True,
                               capture_output=True, text=True)
            except subprocess.CalledProcessError as error:
                pytest.exit("the pgTAP tests can't run: the server has no pgTAP, and"
                            f" {PGTAP_PACKAGE} can't be fetched:\n{error.stderr}", returncode=3)
            (package,) = Path(name).glob("*.tgz")
            with tarfile.open(package) as outer:
                inner = outer.extractfile("package/dist/pgtap.tar.gz")
                with tarfile.open(fileobj=inner) as files:
                    (script,) = [
                        member for member in files.getnames()
                        if member.endswith("/extension/pgtap--1.3.5.sql")
                    ]
                    found = files.extractfile(script)
                    assert found is not None
                    kept.write_bytes(found.read())
    return kept.read_text()
