"""The command line: what it prints, where, and its exit codes."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner, Result
from psycopg.conninfo import conninfo_to_dict

from rasid_cli import cli, db, web
from rasid_cli.server import ServerError

Run = Callable[..., Result]

COMMAND = [sys.executable, "-m", "rasid_cli"]

# Stands in for the engine: what it answers, not how it knows, is the command line's business.
ENGINE = """
create schema calc;
create table calc.difference (account_id bigint, what text);
create function calc.verify(p_account_id bigint) returns setof calc.difference language sql
begin atomic
  select d.* from calc.difference as d where d.account_id = coalesce(p_account_id, d.account_id);
end;
create function calc.rebuild(p_account_id bigint) returns void language sql
begin atomic
  delete from calc.difference where account_id = coalesce(p_account_id, account_id);
end;
"""


@pytest.fixture
def empty(make_database: Callable[[], str]) -> str:
    return make_database()


@pytest.fixture
def rasid(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command on a database: `rasid(address, 'status')`."""

    def run(address: str, *arguments: str) -> Result:
        monkeypatch.setenv("RASID_DSN", address)
        return CliRunner().invoke(cli.main, arguments, prog_name="rasid")

    return run


@pytest.fixture
def checks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of checks of an otherwise empty checkout."""
    monkeypatch.setattr(db, "ROOT", tmp_path)
    folder = tmp_path / "db" / "checks"
    folder.mkdir(parents=True)
    return folder


def test_every_command_explains_itself(rasid: Run) -> None:
    told = rasid("", "--help")
    assert told.exit_code == 0
    for name in cli.main.list_commands(None):  # type: ignore[arg-type]  # no context is needed
        assert f"  {name} " in told.output
        helped = rasid("", name, "--help")
        assert helped.exit_code == 0
        assert helped.output.startswith(f"Usage: rasid {name}")


def test_a_wrong_command_line_ends_with_2(rasid: Run) -> None:
    assert rasid("", "nonsense").exit_code == 2
    for account in ("all", str(2**63)):
        assert rasid("", "verify", "--account", account).exit_code == 2
    for address in ("8000", "localhost:", "127.0.0.1:65536"):
        assert rasid("", "serve", "--listen", address).exit_code == 2


def test_a_database_that_is_not_there_ends_with_3(rasid: Run) -> None:
    result = rasid("postgresql://nobody@127.0.0.1:1/nowhere", "status")
    assert result.exit_code == 3
    assert result.stdout == ""
    assert "127.0.0.1" in result.stderr
    result = rasid("not an address", "status")
    assert result.exit_code == 3
    assert "RASID_DSN" in result.stderr


@pytest.mark.parametrize("address", [
    "postgres//bob:hunter2@db/rasid", "postgresql://bob:hunter2%@db/rasid",
])
def test_an_address_that_can_not_be_read_is_not_repeated(rasid: Run, address: str) -> None:
    done = rasid(address, "status")
    assert done.exit_code == cli.FAILED
    assert "no address of a database" in done.output
    assert "hunter2" not in done.output


def test_migrate_and_status_tell_how_far_a_database_is(rasid: Run, empty: str) -> None:
    before = rasid(empty, "status")
    assert before.exit_code == 1
    assert "pending  0001_" in before.output

    rehearsed = rasid(empty, "migrate", "--dry-run")
    assert rehearsed.exit_code == 0
    assert "applied migrations/0001_" in rehearsed.output
    assert rasid(empty, "status").output == before.output

    assert rasid(empty, "migrate").exit_code == 0
    after = rasid(empty, "status")
    assert after.exit_code == 0
    assert "applied  0001_" in after.output
    assert "pending" not in after.output
    assert rasid(empty, "migrate").output == "up to date\n"


@pytest.mark.parametrize("command", [
    "verify", "verify --account 1", "rebuild", "check", "refresh", "close-month 2025-07", "demo",
    "errors", "bi-docs", "import invoices nothing.csv",
])
def test_a_database_never_migrated_is_told_so(
    rasid: Run, empty: str, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "nothing.csv").write_text("party_code,doc_date,amount\nA,2025-01-01,5\n")
    monkeypatch.chdir(tmp_path)
    refused = rasid(empty, *command.split())
    assert refused.exit_code == 3, refused.output
    assert refused.stderr.splitlines() == [
        "error: the database was never migrated", "hint: rasid migrate"
    ]


def test_a_database_left_behind_is_told_so(rasid: Run, database: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("drop function calc.refresh(); delete from rasid.repeatable"
                           " where path = 'functions/calc/refresh.sql'")
    refused = rasid(database, "refresh")
    assert refused.exit_code == 3
    assert "calc.refresh() does not exist" in refused.stderr
    assert refused.stderr.splitlines()[-1] == "hint: rasid migrate"


def test_an_applied_migration_that_changed_ends_with_3(rasid: Run, database: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("update rasid.migration set sha256 = 'another' where number = 1")
    told = rasid(database, "status")
    assert told.exit_code == 1
    assert "problem  migrations/0001_" in told.output
    refused = rasid(database, "migrate")
    assert refused.exit_code == 3
    assert "hint:" in refused.stderr


def test_dsn_prints_the_address(rasid: Run, empty: str) -> None:
    assert rasid(empty, "dsn").output == f"{empty}\n"


def test_verify_prints_what_differs_and_rebuild_puts_it_right(rasid: Run, empty: str) -> None:
    with psycopg.connect(empty) as connection:
        connection.execute(ENGINE)
        connection.execute("insert into calc.difference values (7, 'open_amount 5 <> 6')")
    assert rasid(empty, "verify", "--account", "8").exit_code == 0
    found = rasid(empty, "verify")
    assert found.exit_code == 1
    assert "open_amount 5 <> 6" in found.output
    assert rasid(empty, "rebuild", "--account", "8").exit_code == 0
    assert rasid(empty, "verify", "--account", "7").exit_code == 1
    assert rasid(empty, "rebuild").exit_code == 0
    assert rasid(empty, "verify").exit_code == 0


def test_what_the_database_refuses_is_shown_without_a_traceback(rasid: Run, empty: str) -> None:
    with psycopg.connect(empty) as connection:
        connection.execute(ENGINE)
        connection.execute("""
            create or replace function calc.rebuild(p_account_id bigint) returns void
            language plpgsql as $$
            begin
              raise exception using errcode = 'RS999', message = 'the book is locked',
                detail = 'until Norouz', hint = 'wait', constraint = 'book_open';
            end $$;
        """)
    result = rasid(empty, "rebuild")
    assert result.exit_code == 3
    assert result.stderr.splitlines() == [
        "error: the book is locked", "until Norouz", "hint: wait",
        "(SQLSTATE RS999, constraint book_open)",
    ]


@pytest.mark.parametrize(
    "violation",
    [
        "insert into app.invoice values (-1, 1)",
        "insert into app.invoice values (1, -1)",
        "insert into app.invoice values (3, 1), (3, 2)",
    ],
)
def test_the_hint_of_a_violation_is_the_constraints_comment(empty: str, violation: str) -> None:
    with psycopg.connect(empty, autocommit=True) as connection:
        connection.execute("""
            create schema app;
            create domain app.amount int constraint amount_positive check (value > 0);
            comment on constraint amount_positive on domain app.amount is 'do this';
            create table app.invoice (
              id int constraint invoice_id_positive check (id > 0), amount app.amount
            );
            comment on constraint invoice_id_positive on app.invoice is 'do this';
            create unique index invoice_id_unique on app.invoice (id) where id > 2;
            comment on index app.invoice_id_unique is 'do this';
        """)
        with pytest.raises(psycopg.IntegrityError) as refused:
            connection.execute(violation)
        told = db.refusal(refused.value, connection)
    assert told.hint == "do this"
    assert told.constraint


def test_checks_that_find_nothing_pass(rasid: Run, empty: str, checks: Path) -> None:
    (checks / "nothing.sql").write_text("-- Nothing is wrong\nselect 1 where false;\n")
    result = rasid(empty, "check")
    assert result.exit_code == 0
    assert "ok   Nothing is wrong" in result.output


def test_a_check_prints_what_it_finds(rasid: Run, empty: str, checks: Path) -> None:
    (checks / "a.sql").write_text("-- Two is wrong\nselect 'the row' as what, 2 as two;\n")
    (checks / "b.sql").write_text("-- Nothing is wrong\nselect 1 where false;\n")
    result = rasid(empty, "check")
    assert result.exit_code == 1
    assert "FAIL Two is wrong: 1 rows" in result.output
    assert "the row" in result.output
    assert "ok   Nothing is wrong" in result.output



@pytest.mark.parametrize("proxies", [0, 1])
def test_what_a_proxy_says_counts_where_it_is_trusted(database: str, proxies: int) -> None:
    """Through the server itself, which has a mind of its own about such headers."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    said = {"X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "https",
            "X-Forwarded-Host": "desk.example.com"}
    serving = subprocess.Popen(
        [*COMMAND, "serve", "--listen", f"127.0.0.1:{port}", "--proxies", str(proxies)],
        env={**os.environ, "RASID_DSN": database, "RASID_SECRET_KEY": "k" * web.SHORTEST_KEY},
    )
    try:
        for _ in range(300):
            with contextlib.suppress(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", port)).close()
                break
            time.sleep(0.1)
        asking = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        asking.request("GET", "/login", headers=said)
        cookie = asking.getresponse().getheader("Set-Cookie") or ""
        asking.close()
    finally:
        serving.terminate()
        serving.wait()
    assert cookie.startswith("rasid=")
    assert ("; Secure" in cookie) == bool(proxies)


def test_up_twice_then_down(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The embedded server, in a folder of its own: set up, found again, served, stopped."""
    home = tmp_path_factory.mktemp("up")
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}

    def rasid(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*COMMAND, *arguments, "--data", home], env=environment, cwd="/",
                              capture_output=True, text=True, check=False)

    try:
        first = rasid("up", "--no-serve")
        assert first.returncode == 0, first.stderr
        address = next(
            line.split()[1] for line in first.stdout.splitlines() if line.startswith("DSN ")
        )
        with psycopg.connect(address) as connection:
            before = connection.execute("select count(*) from doc.invoice").fetchone()
        assert before != (0,)

        again = rasid("up", "--no-serve")
        assert again.returncode == 0, again.stderr
        assert again.stdout.startswith("up to date\n")
        with psycopg.connect(address) as connection:
            assert connection.execute("select count(*) from doc.invoice").fetchone() == before
        stopped = rasid("down")
        assert stopped.stdout == "stopped\n", stopped.stderr
        assert rasid("down").stdout == "it was not running\n"

        serving = subprocess.Popen([*COMMAND, "up", "--data", home], env=environment, cwd="/",
                                   stdout=subprocess.PIPE, text=True)
        with serving:
            assert serving.stdout is not None
            url = next(
                line.split()[1] for line in serving.stdout if line.startswith("page ")
            )
            with urllib.request.urlopen(url, timeout=30) as page:  # noqa: S310
                assert 'dir="rtl"' in page.read().decode()
            # What is far too large is refused before it is taken, whoever sends it.
            asking = http.client.HTTPConnection(url.split("/")[2], timeout=30)
            asking.putrequest("POST", "/login")
            asking.putheader("Content-Length", str(1024**3 // 2))
            asking.endheaders()
            assert asking.getresponse().status == 413
            asking.close()
            serving.send_signal(signal.SIGINT)
        assert serving.returncode == 0
        assert rasid("down").stdout == "it was not running\n"
    finally:
        rasid("down")


def test_up_leaves_a_book_in_use_as_it_is(database: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("insert into ref.party (code, name) values ('C-1', 'a customer')")
    done = subprocess.run([*COMMAND, "up", "--no-serve"], env={**os.environ, "RASID_DSN": database},
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "demo" not in done.stdout
    assert "from bi.account" in done.stdout
    # What it prints is kept by whoever runs it as a service.
    assert str(conninfo_to_dict(database)["password"]) not in done.stdout + done.stderr
    with psycopg.connect(database) as connection:
        assert connection.execute("select count(*) from ref.party").fetchone() == (1,)


def test_the_key_of_the_sessions_is_kept_and_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RASID_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("RASID_SECRET_KEY", raising=False)
    made = web.secret_key()
    assert len(made) >= web.SHORTEST_KEY
    assert web.secret_key() == made
    kept = tmp_path / "data" / "desk-secret"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert list(kept.parent.iterdir()) == [kept]

    kept.write_text("")
    with pytest.raises(ServerError, match="delete the file"):
        web.secret_key()
    monkeypatch.setenv("RASID_SECRET_KEY", "s3cret")
    with pytest.raises(ServerError, match="RASID_SECRET_KEY has 6 characters") as refused:
        web.secret_key()
    assert "s3cret" not in str(refused.value)
    monkeypatch.setenv("RASID_SECRET_KEY", "k" * web.SHORTEST_KEY)
    assert web.secret_key() == "k" * web.SHORTEST_KEY
