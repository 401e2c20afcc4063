"""What the benchmark measures on: a server, books of any size, and the tables to compare with.

In every database stand, side by side,

- `doc`: the real schema;
- `bare`: its tables with their defaults, checks, keys, foreign keys and indexes, without a trigger;
- `usual`: the bare invoices and payments with the usual answer, a materialized view of the balance
  of each account, refreshed concurrently by a trigger after each statement.

A book is 100 accounts or more with 50 invoices and 40 payments each over two years, written to
files in the order of their days, as an ERP would send them, and loaded with COPY into each schema.
"""

from __future__ import annotations

import os
import random
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import psutil
import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from rasid_cli import db
from rasid_cli.migrate import migrate
from rasid_cli.server import Cluster, embedded_bindir

FIRST_DAY = date(2024, 1, 1)
LAST_DAY = date(2025, 12, 31)
INVOICES_EACH = 50
PAYMENTS_EACH = 40
DOCUMENTS_EACH = INVOICES_EACH + PAYMENTS_EACH

# What a server of this size would be given; no checkpoint falls into a measurement by itself.
SETTINGS = {
    "shared_buffers": "1GB",
    "max_wal_size": "16GB",
    "checkpoint_timeout": "1h",
    "maintenance_work_mem": "256MB",
    "max_connections": "40",
}

INVOICE_COLUMNS = "account_id, doc_no, doc_date, due_date, amount, source, external_id"
# What the database looks up for an invoice that doesn't name it.
LOOKED_UP = ", payment_term_id, salesperson_id, region_id, agency_id"
PAYMENT_COLUMNS = "account_id, doc_no, doc_date, amount, source, external_id"

# A table `like` another has neither its foreign keys nor its triggers: the keys are added again.
MAKE_SCHEMA = """
do $$
declare
  r record;
begin
  set local search_path = pg_catalog, pg_temp;
  for r in
    select c.oid, c.relname
    from pg_class c
    where c.relnamespace = 'doc'::regnamespace
      and c.relkind = 'r'
  loop
    execute format('create table %(schema)s.%%I (like doc.%%I including all excluding comments)',
                   r.relname, r.relname);
  end loop;
  for r in
    select c.conrelid, t.relname, c.conname, pg_get_constraintdef(c.oid) as rule
    from pg_constraint c
    join pg_class t on t.oid = c.conrelid
    where t.relnamespace = 'doc'::regnamespace
      and c.contype = 'f'
  loop
    execute format('alter table %(schema)s.%%I add constraint %%I %%s', r.relname, r.conname,
                   replace(r.rule, 'REFERENCES doc.', 'REFERENCES %(schema)s.'));
  end loop;
end
$$;
"""

USUAL = """
create materialized view usual.balance as
select account_id, sum(amount) as balance
from (
  select account_id, amount::numeric from usual.invoice where status = 'active'
  union all
  select account_id, -amount from usual.payment where status = 'approved'
) d
group by account_id;

create unique index on usual.balance (account_id);

create function usual.refresh()
returns trigger
language plpgsql
as $$
begin
  refresh materialized view concurrently usual.balance;
  return null;
end
$$;

create trigger refresh after insert or update or delete on usual.invoice
for each statement execute function usual.refresh();

create trigger refresh after insert or update or delete on usual.payment
for each statement execute function usual.refresh();
"""

MAKE_ACCOUNTS = """
insert into ref.region (region_id, name) select n, 'region ' || n from generate_series(1, 30) n;
insert into ref.agency (agency_id, name) select n, 'agency ' || n from generate_series(1, 10) n;
insert into ref.salesperson (salesperson_id, name)
select n, 'salesperson ' || n from generate_series(1, 50) n;
insert into ref.payment_term (payment_term_id, name) values (1, '60 days');
insert into ref.payment_term_line (payment_term_id, line_no, days, percent) values (1, 1, 60, 100);
insert into ref.party (party_id, code, name, region_id, agency_id, salesperson_id)
select n, 'C' || n, 'customer ' || n, 1 + n %% 30, 1 + n %% 10, 1 + n %% 50
from generate_series(1, %(accounts)s) n;
insert into ref.account (account_id, party_id, policy)
select n, n, %(policy)s from generate_series(1, %(accounts)s) n;
select setval(pg_get_serial_sequence('ref.party', 'party_id'), %(accounts)s);
select setval(pg_get_serial_sequence('ref.account', 'account_id'), %(accounts)s);
"""


@dataclass(frozen=True)
class Files:
    """The documents of a book as the files that COPY reads, in the order of their days."""

    accounts: int
    invoices: Path
    payments: Path
    complete: Path  # the invoices again, with what is looked up for the others

    @property
    def documents(self) -> int:
        """Number of documents in both files."""
        return self.accounts * DOCUMENTS_EACH


@dataclass
class Book:
    """A database with a loaded book: its address, its size, and what the loads took."""

    dsn: str
    documents: int
    accounts: int
    load_seconds: dict[str, float]  # by schema
    days_gone: dict[tuple[str, int], int] = field(default_factory=dict)  # by schema, first account

    def connect(self) -> psycopg.Connection[Any]:
        """Open a connection, in autocommit mode."""
        return psycopg.connect(self.dsn, autocommit=True)


class Bench:
    """The server, the books made on it so far, and the size of this run.

    `scale` is `quick`, `full` or `large`; `say` shows what is being done.
    """

    def __init__(self, scale: str, folder: Path, cluster: Cluster | None, dsn: str) -> None:
        self.scale = scale
        self.folder = folder
        self.cluster = cluster
        self.server = dsn
        self.bindir = embedded_bindir()
        self._books: dict[tuple[int, str], Book] = {}
        self._files: dict[int, Files] = {}
        self._made: list[str] = []

    def say(self, text: str) -> None:
        """Show what is being done; the command puts its own display here."""

    @property
    def is_quick(self) -> bool:
        """Whether the run is to end within two minutes."""
        return self.scale == "quick"

    @property
    def sizes(self) -> list[int]:
        """Documents of the books that are compared with each other, smallest first."""
        sizes = [10_000, 100_000, 1_000_000, 10_000_000]
        return sizes[: {"quick": 2, "full": 3, "large": 4}[self.scale]]

    @property
    def bulk_accounts(self) -> int:
        """Accounts of the book that is loaded in one piece and computed again."""
        return 500 if self.is_quick else 20_000

    @property
    def rounds(self) -> int:
        """How often each side of a ratio is measured, in turn."""
        return 2 if self.is_quick else 5

    @property
    def seconds(self) -> float:
        """Seconds of one pgbench round."""
        return 1 if self.is_quick else 3

    @cached_property
    def template(self) -> str:
        """Name of a database with the three schemas and no account."""
        name = self.make_database("template0")
        with psycopg.connect(self.address(name), autocommit=True) as connection:
            migrate(connection, db.tree())
            for schema in ("bare", "usual"):
                with connection.transaction():
                    connection.execute(sql.SQL("create schema {}").format(sql.Identifier(schema)))
                    connection.execute(MAKE_SCHEMA % {"schema": schema})
            connection.execute(USUAL)
            connection.execute("alter table usual.invoice disable trigger refresh")
            connection.execute("alter table usual.payment disable trigger refresh")
        return name

    def address(self, name: str) -> str:
        """Address of a database of this server."""
        return make_conninfo(self.server, dbname=name)

    def make_database(self, template: str) -> str:
        """Make a database; all of them go when the run ends."""
        name = f"rasid_bench_{os.getpid()}_{len(self._made)}"
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(sql.SQL("create database {} template {}").format(
                sql.Identifier(name), sql.Identifier(template)))
        self._made.append(name)
        return name

    def drop_database(self, name: str) -> None:
        """Drop a database made here."""
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(
                sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))

    def drop_all(self) -> None:
        """Drop every database made here; a server of our own goes as a whole instead."""
        for name in self._made:
            self.drop_database(name)

    def files(self, accounts: int) -> Files:
        """Write the files of a book; the same number of accounts gives the same documents."""
        if accounts not in self._files:
            self.say(f"writing files of {accounts * DOCUMENTS_EACH:,} documents")
            self._files[accounts] = write_files(self.folder, accounts)
        return self._files[accounts]

    def accounts_only(self, accounts: int, policy: str = "fifo_issue") -> str:
        """Make a database with accounts and no document; its address."""
        address = self.address(self.make_database(self.template))
        with psycopg.connect(address) as connection:
            # Bound by the client: a utility statement in the script takes no parameters.
            psycopg.ClientCursor(connection).execute(
                MAKE_ACCOUNTS, {"accounts": accounts, "policy": policy})
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("vacuum analyze ref.account, ref.party, calc.account")
        return address

    def book(self, documents: int, policy: str = "fifo_issue") -> Book:
        """A database with a book of about so many documents, loaded once and kept."""
        if (documents, policy) not in self._books:
            files = self.files(max(100, documents // DOCUMENTS_EACH))
            address = self.accounts_only(files.accounts, policy)
            self.say(f"loading {files.documents:,} documents")
            with psycopg.connect(address) as connection:
                seconds = {
                    schema: load(connection, files, schema) for schema in ("bare", "doc")
                }
                for table in ("invoice", "payment"):
                    connection.execute(
                        f"insert into usual.{table} select * from bare.{table}")  # noqa: S608
                connection.execute("refresh materialized view usual.balance")
                connection.execute("alter table usual.invoice enable trigger refresh")
                connection.execute("alter table usual.payment enable trigger refresh")
            with psycopg.connect(address, autocommit=True) as connection:
                connection.execute("vacuum analyze")
                connection.execute("checkpoint")
            self._books[documents, policy] = Book(
                address, files.documents, files.accounts, seconds)
        return self._books[documents, policy]

    def keep(self, book: Book) -> None:
        """Keep a book of invoices and payments alone, loaded into the real schema elsewhere."""
        with book.connect() as connection:
            connection.execute("vacuum analyze")
        self._books[book.documents, "fifo_issue"] = book

    @contextmanager
    def one_core(self) -> Iterator[int | None]:
        """Keep the server's new backends on one core; its number, null where that can't be done.

        A client and a backend that talk to each other are bimodal when the kernel moves them.
        """
        if self.cluster is None or not hasattr(os, "sched_setaffinity"):
            yield None
            return
        pid = int((self.cluster.data / "postmaster.pid").read_text().split("\n", 1)[0])
        known = os.sched_getaffinity(pid)
        core = max(known)
        os.sched_setaffinity(pid, {core})
        try:
            yield core
        finally:
            os.sched_setaffinity(pid, known)


def load(
    connection: psycopg.Connection[Any], files: Files, schema: str, *, is_complete: bool = False
) -> float:
    """COPY both files into a schema in one transaction; seconds, commit included.

    `is_complete`: the invoices name what the database would look up for them.
    """
    start = time.perf_counter()
    invoices = (INVOICE_COLUMNS + LOOKED_UP, files.complete) if is_complete else (
        INVOICE_COLUMNS, files.invoices)
    copy(connection, f"{schema}.invoice", *invoices)
    copy(connection, f"{schema}.payment", PAYMENT_COLUMNS, files.payments)
    connection.commit()
    return time.perf_counter() - start


def copy(connection: psycopg.Connection[Any], table: str, columns: str, path: Path) -> None:
    """COPY a file into a table."""
    with (
        connection.cursor() as cursor,
        cursor.copy(f"copy {table} ({columns}) from stdin") as to,
        path.open("rb") as file,
    ):
        while chunk := file.read(1 << 20):
            to.write(chunk)


def write_files(folder: Path, accounts: int) -> Files:
    """Write the documents of so many accounts, 80 % of the invoices' amount paid."""
    rng = random.Random(accounts)  # noqa: S311
    days = [(FIRST_DAY + timedelta(days=n)).isoformat()
            for n in range((LAST_DAY - FIRST_DAY).days + 121)]
    last = (LAST_DAY - FIRST_DAY).days
    files = Files(accounts, *(
        folder / f"{name}-{accounts}" for name in ("invoice", "payment", "complete")))
    for path, number, lag in ((files.invoices, INVOICES_EACH, 0),
                              (files.payments, PAYMENTS_EACH, 60)):
        rows = sorted(
            (int(lag + rng.random() * (last - lag)), account)
            for account in range(1, accounts + 1) for _ in range(number)
        )
        with path.open("w") as file:
            for serial, (day, account) in enumerate(rows, 1):
                amount = rng.randrange(50_000, 150_001)
                due = f"\t{days[day + 60]}" if lag == 0 else ""
                file.write(f"{account}\tN{serial}\t{days[day]}{due}\t{amount}\tbench\t{serial}\n")
    with files.invoices.open() as source, files.complete.open("w") as file:
        for line in source:
            account = int(line.split("\t", 1)[0])
            file.write(f"{line[:-1]}\t1\t{1 + account % 50}\t{1 + account % 30}"
                       f"\t{1 + account % 10}\n")
    return files


@contextmanager
def throw_away_cluster(settings: Mapping[str, str]) -> Iterator[Cluster]:
    """A running embedded server in a folder that goes with it."""
    home = Path(tempfile.mkdtemp(prefix="rasid-"))
    cluster = Cluster(embedded_bindir(), home, settings)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop("immediate")
        shutil.rmtree(home)


def machine(dsn: str) -> dict[str, str]:
    """What the figures depend on: cores, memory, versions and settings. No names, no paths."""
    with psycopg.connect(dsn) as connection:
        rows = connection.execute(
            "select name, current_setting(name) from pg_settings where name = any(%s)",
            [["server_version", "shared_buffers", "max_wal_size", "synchronous_commit", "fsync",
              "full_page_writes", "data_checksums", "work_mem"]],
        ).fetchall()
    settings = {str(name): str(value) for name, value in rows}
    return {
        "cores": str(psutil.cpu_count()),
        "RAM": f"{psutil.virtual_memory().total / 2**30:.0f} GiB",
        "PostgreSQL": settings.pop("server_version").split(" ")[0],
        **dict(sorted(settings.items())),
    }


def environment_of(dsn: str) -> dict[str, str]:
    """The address as variables of libpq: on a command line every user could read the password."""
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD",
             "dbname": "PGDATABASE", "sslmode": "PGSSLMODE"}
    known = conninfo_to_dict(dsn)
    return {variable: str(known[name]) for name, variable in names.items() if name in known}
