"""A book that was dumped and restored is the same book, and goes on as one."""

from __future__ import annotations

import re
import shlex
import string
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from book import EVERY_KIND, Connection, applied, invoice, kept, payment, value, wrong
from rasid_cli.server import Cluster

MakeDatabase = Callable[..., str]
Run = Callable[..., str]

ROOT = Path(__file__).resolve().parents[1]
DOORS_ARE_SHUT = (ROOT / "db" / "checks" / "doors_are_shut.sql").read_bytes()
VIEWS = ("invoice", "allocation", "credit", "account", "aging", "cheque", "exception")


@pytest.fixture
def run(bindir: Path) -> Run:
    """Run a program of PostgreSQL: `run('pg_dump', …)` → its output."""

    def run(program: str, *arguments: str) -> str:
        done = subprocess.run(
            [bindir / program, *arguments], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


@pytest.fixture
def book(conn: Connection) -> Connection:
    """A connection to a book with documents of every kind."""
    conn.execute(EVERY_KIND)
    return conn


@pytest.fixture
def excluded(template: str) -> list[str]:
    """Options of pg_dump that leave out what a migrated database holds before anybody wrote."""
    with psycopg.connect(template) as conn:
        tables = conn.execute(
            "select format('%I.%I', table_schema, table_name) from information_schema.tables"
            " where table_type = 'BASE TABLE' and table_schema in ('ref', 'doc', 'calc')"
        ).fetchall()
        return [
            f"--exclude-table={table}"
            for (table,) in tables
            if value(conn, f"select exists (select from {table})")
        ]


def shown(conn: Connection) -> dict[str, set[tuple[Any, ...]]]:
    """Everything people read, on a day of its own."""
    conn.execute("set rasid.today = '2025-03-10'")
    sources = [*VIEWS, *(f"{name}_as_of('2025-02-17')" for name in ("invoice", "account", "aging"))]
    return {source: set(conn.execute(f"select * from bi.{source}")) for source in sources}


def goes_on(conn: Connection) -> None:
    """Writing works as before: figures follow, rules refuse, ids continue."""
    assert not wrong(conn)
    last = value(conn, "select max(invoice_id) from doc.invoice")
    bought = invoice(conn, 903, 70, "2025-03-05")
    assert bought > last
    paid = payment(conn, 902, 1, "2025-03-06")
    assert (9108, 0, paid, 1, "auto") in applied(conn, 902)
    conn.execute("update doc.cheque set status = 'bounced' where cheque_id = 9307")
    conn.execute("update ref.account set policy = 'fifo_issue' where account_id = 902")
    assert value(conn, "select count(*) from doc.cheque_event where cheque_id = 9307") == 3
    conn.execute("delete from doc.payment where payment_id = 9401")
    for statement, code in (
        ("truncate doc.pin", "RS002"),
        ("insert into doc.invoice (account_id, doc_date, amount) values (901, '1404-01-01', 1)",
         "23514"),
        ("insert into doc.set_off (account_id, set_off_no, amount, doc_date)"
         " values (901, 'half', 10, '2025-01-01')", "RS007"),
    ):
        with pytest.raises(psycopg.Error) as refusal:
            conn.execute(statement)
        assert refusal.value.sqlstate == code
    assert not wrong(conn)
    conn.execute("set session_replication_role = replica")
    with pytest.raises(psycopg.Error) as refusal:
        payment(conn, 901, 1, "2025-01-01")
    assert refusal.value.sqlstate == "RS003"
    conn.execute("reset session_replication_role")


@pytest.mark.parametrize("form", ["custom", "plain", "directory"])
def test_the_whole_book(
    book: Connection, database: str, make_database: MakeDatabase, run: Run, tmp_path: Path,
    form: str,
) -> None:
    before, figures = kept(book), shown(book)
    file, copy = str(tmp_path / "book"), make_database()
    run("pg_dump", f"--format={form}", f"--file={file}", database)
    if form == "plain":
        run("psql", "--set=ON_ERROR_STOP=1", "--quiet", "--single-transaction", f"--file={file}",
            copy)
    else:
        run("pg_restore", "--exit-on-error", f"--dbname={copy}", file)
    with psycopg.connect(copy, autocommit=True) as conn:
        assert not wrong(conn)
        assert kept(conn) == before
        assert shown(conn) == figures
        goes_on(conn)


def test_the_whole_book_on_another_server_by_the_commands_of_the_page(
    book: Connection, database: str, make_cluster: Callable[..., Cluster], run: Run,
    tmp_path: Path,
) -> None:
    """Whoever owns it there is no superuser, and the roles are made as the page says."""
    before, figures = kept(book), shown(book)
    page = (ROOT / "docs" / "deploy.md").read_text("utf-8")
    blocks = re.findall(r"^```\n(create role .*?)^```", page, re.MULTILINE | re.DOTALL)
    owner, logins, roles = blocks
    file, cluster = str(tmp_path / "book"), make_cluster()
    run("pg_dump", "--format=custom", f"--file={file}", database)
    cluster.start()
    copy = make_conninfo(cluster.dsn("rasid"), user="rasid_admin", password="…")  # noqa: S106
    with psycopg.connect(cluster.dsn(), autocommit=True) as conn:
        for statement in owner.split(";"):
            conn.execute(statement)
    with psycopg.connect(copy, autocommit=True) as conn:
        conn.execute(roles)
        run("pg_restore", "--exit-on-error", f"--dbname={copy}", file)
        conn.execute(logins)
        assert not wrong(conn)
        assert kept(conn) == before
        assert shown(conn) == figures
    erp = make_conninfo(copy, user="erp")
    with psycopg.connect(erp, autocommit=True) as conn:
        payment(conn, 902, 1, "2025-03-05")


def test_the_data_alone_into_a_migrated_database(
    book: Connection, database: str, template: str, excluded: list[str],
    make_database: MakeDatabase, run: Run, tmp_path: Path,
) -> None:
    """The documents come in past the triggers; `calc.rebuild()` brings the figures after them."""
    before, figures = kept(book), shown(book)
    file, copy = str(tmp_path / "book"), make_database(template)
    run("pg_dump", "--format=custom", "--data-only", "--schema=ref", "--schema=doc",
        *excluded, f"--file={file}", database)
    run("pg_restore", "--exit-on-error", "--disable-triggers", f"--dbname={copy}", file)
    with psycopg.connect(copy, autocommit=True) as conn:
        assert wrong(conn)
        with pytest.raises(psycopg.Error) as refusal:
            payment(conn, 901, 1, "2025-01-01")
        assert refusal.value.sqlstate == "RS202"
        conn.execute("select calc.rebuild()")
        assert not wrong(conn)
        assert kept(conn) == before
        assert shown(conn) == figures
        goes_on(conn)


def test_the_data_alone_by_the_commands_of_the_page(
    book: Connection, database: str, template: str, make_database: MakeDatabase, run: Run,
    tmp_path: Path,
) -> None:
    before, figures = kept(book), shown(book)
    copy = make_database(template)
    page = (ROOT / "docs" / "deploy.md").read_text("utf-8").replace("\\\n", "")
    commands = [
        shlex.split(string.Template(line).substitute(OLD=database, RASID_DSN=copy))
        for line in re.findall(r"^pg_(?:dump|restore) .*data\.dump.*$", page, re.MULTILINE)
    ]
    assert [command[0] for command in commands] == ["pg_dump", "pg_restore"]
    for program, *arguments in commands:
        run(program, *(word.replace("data.dump", f"{tmp_path}/data.dump") for word in arguments))
    with psycopg.connect(copy, autocommit=True) as conn:
        open_doors = {door for door, *_ in conn.execute(DOORS_ARE_SHUT)}
        assert {"doc.payment", "ref.payment_term_line", "audit.change"} <= open_doors
        conn.execute("select calc.rebuild()")
        assert conn.execute(DOORS_ARE_SHUT).fetchall() == []
        assert kept(conn) == before
        assert shown(conn) == figures
        goes_on(conn)


def test_documents_and_figures_without_the_schema(
    book: Connection, database: str, template: str, excluded: list[str],
    make_database: MakeDatabase, run: Run, tmp_path: Path,
) -> None:
    """With the kept figures in the dump as well there is nothing to rebuild."""
    before = kept(book)
    file, copy = str(tmp_path / "book"), make_database(template)
    run("pg_dump", "--format=custom", "--data-only", "--schema=ref", "--schema=doc",
        "--schema=calc", *excluded, f"--file={file}", database)
    run("pg_restore", "--exit-on-error", "--disable-triggers", f"--dbname={copy}", file)
    with psycopg.connect(copy, autocommit=True) as conn:
        assert not wrong(conn)
        payment(conn, 902, 1, "2025-03-05")
        assert not wrong(conn)
        conn.execute("delete from doc.payment where doc_date = '2025-03-05'")
        # There is nothing to bring in step, but the doors round the triggers are shut again.
        conn.execute("select calc.rebuild()")
        assert kept(conn) == before
        goes_on(conn)


def test_the_schema_alone(
    database: str, template: str, make_database: MakeDatabase, run: Run, tmp_path: Path
) -> None:
    file, copy = str(tmp_path / "book"), make_database()
    run("pg_dump", "--format=custom", "--schema-only", f"--file={file}", template)
    run("pg_restore", "--exit-on-error", f"--dbname={copy}", file)
    data = str(tmp_path / "data")
    with psycopg.connect(database, autocommit=True) as conn:
        conn.execute(EVERY_KIND)
        before = kept(conn)
    run("pg_dump", "--format=custom", "--data-only", f"--file={data}", database)
    run("pg_restore", "--exit-on-error", "--disable-triggers", f"--dbname={copy}", data)
    with psycopg.connect(copy, autocommit=True) as conn:
        conn.execute("select calc.rebuild()")
        assert kept(conn) == before
        goes_on(conn)


def test_events_come_after_those_restored_without_the_sequence(
    book: Connection, database: str, template: str, make_database: MakeDatabase, run: Run,
    tmp_path: Path,
) -> None:
    file, copy = str(tmp_path / "book"), make_database(template)
    tables = [
        f"--table={name}" for (name,) in book.execute(
            "select c.oid::regclass::text from pg_class c where c.relkind = 'r'"
            " and (c.relnamespace = 'doc'::regnamespace or c.oid = any ("
            "'{ref.region,ref.salesperson,ref.party,ref.account,ref.payment_term,"
            "ref.payment_term_line}'::regclass[]))"
        )
    ]
    run("pg_dump", "--format=custom", "--data-only", *tables, f"--file={file}", database)
    run("pg_restore", "--exit-on-error", "--disable-triggers", f"--dbname={copy}", file)
    with psycopg.connect(copy, autocommit=True) as conn:
        conn.execute("select calc.rebuild()")
        assert not wrong(conn)
        conn.execute("update doc.cheque set status = 'bounced', status_date = '2025-03-01'"
                     " where cheque_id = 9307")
        assert conn.execute(
            "select to_status from doc.cheque_event where cheque_id = 9307"
            " order by cheque_event_id"
        ).fetchall() == [("in_hand",), ("deposited",), ("bounced",)]
        assert value(
            conn, "select bounced_amount from bi.account_as_of('2025-03-02') where account_id = 904"
        ) == 350


def test_rebuilding_leaves_nothing_of_an_account_that_went_past_the_engine(
    book: Connection,
) -> None:
    with book.transaction():
        for table in ("doc.pin", "doc.payment", "doc.invoice", "ref.account"):
            book.execute(f"alter table {table} disable trigger all")
            book.execute(f"delete from {table} where account_id = 903")
            book.execute(f"alter table {table} enable trigger all")
    assert wrong(book)
    book.execute("select calc.rebuild()")
    assert not wrong(book)
    # The account can come again, and has only what is written from now on.
    book.execute(
        "insert into ref.account (account_id, party_id, side) values (903, 903, 'payable')"
    )
    invoice(book, 903, 70, "2025-01-09")
    assert value(book, "select open_amount from bi.account where account_id = 903") == 70
    assert not wrong(book)


def test_rebuilding_finds_what_was_harmed(book: Connection) -> None:
    """The proof can fail: whatever is changed in the kept figures is found and put right."""
    before = kept(book)
    book.execute("set session_replication_role = replica")
    for harm in (
        "update calc.line set open_amount = open_amount + 1 where invoice_id = 9102",
        "update calc.credit set unapplied_amount = 0.01 where credit_id = 9401",
        "update calc.credit set value_date = value_date + 1 where credit_id = 9406",
        "update calc.allocation set amount = amount - 1 where credit_id = 9401",
        "update calc.allocation set reason = 'pin' where credit_id = 9401",
        "delete from calc.allocation where account_id = 902",
        "delete from calc.line where invoice_id = 9108",
        "delete from calc.credit where credit_id = 9301",
        "insert into calc.allocation (account_id, invoice_id, credit_id, line_no, reason, amount)"
        " values (901, 9101, 9405, 0, 'auto', 1)",
        "update calc.account set paid_amount = 0 where account_id = 901",
        "update calc.account set last_line_turn = 0, last_credit_turn = 0 where account_id = 901",
        "delete from calc.account where account_id = 903",
        "delete from calc.account",
    ):
        book.execute(harm)
        assert book.execute("select * from calc.verify()").fetchall(), harm
        book.execute("select calc.rebuild()")
        assert not wrong(book), harm
        assert kept(book) == before, harm
