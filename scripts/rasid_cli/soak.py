"""Mixed load from many connections at once, with crashes if wanted, and proof that it did no harm.

Writers share the accounts, a few of them hot, but change only documents of their own, so each knows
what has to be in the tables at the end: of every acknowledged document its amount and its state, of
what was refused or rolled back nothing.
"""

from __future__ import annotations

import logging
import os
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple

import click
import psycopg
from psycopg import IsolationLevel, sql
from psycopg.conninfo import make_conninfo
from rich.console import Console

from rasid_cli import db
from rasid_cli.bench_books import throw_away_cluster
from rasid_cli.migrate import migrate
from rasid_cli.server import Cluster

FIRST_DAY = date(2025, 1, 1)
DAYS = 360
HOT = 4
COLD = 120
CONNECTIONS = 8
POLICIES = ("fifo_issue", "fifo_issue", "fifo_due", "manual")

RETRYABLE = ("40001", "40P01")
# A document that another names is not deleted, nor named when it has gone; a step of a cheque may
# be one that ref.cheque_transition does not have.
REFUSALS = ("23503", "RS004")
GONE = ("57P01", "57P02", "57P03")  # the server stops, crashed, starts

TABLES = ("invoice", "payment", "cheque", "credit_note", "adjustment", "set_off")
LIVE = {"invoice": "active", "payment": "approved", "cheque": "in_hand", "credit_note": "active",
        "adjustment": "active", "set_off": "active"}

# The balance by the documents alone, in the statement that reads the figures: what differs.
STALE = """
select a.account_id, a.balance, coalesce(d.balance, 0)
from bi.account a
left join lateral (
  select sum(amount) as balance
  from (
    select amount::numeric from doc.invoice
    where account_id = a.account_id and status = 'active'
    union all
    select -amount from doc.payment where account_id = a.account_id and status = 'approved'
    union all
    select -amount from doc.cheque
    where account_id = a.account_id and status in ('in_hand', 'deposited', 'endorsed', 'cleared')
    union all
    select -amount from doc.credit_note where account_id = a.account_id and status = 'active'
    union all
    select -amount from doc.adjustment where account_id = a.account_id and status = 'active'
    union all
    select -amount from doc.set_off where account_id = a.account_id and status = 'active'
  ) d
) d on true
where a.account_id = any (%s)
  and a.balance <> coalesce(d.balance, 0)
"""


class State(NamedTuple):
    """What the tables say of a document that is there."""

    amount: int
    status: str


@dataclass(eq=False)
class Document:
    """A document that a writer has tried to write, and the states it may be in (null: absent)."""

    table: str
    account_id: int
    external_id: str
    may_be: set[State | None]

    @property
    def state(self) -> State:
        """The state of a document that is known to be there."""
        (state,) = self.may_be
        assert state is not None  # noqa: S101
        return state


class Step(NamedTuple):
    """A statement and what becomes of documents by it. With `rows`, a COPY."""

    statement: str
    parameters: tuple[object, ...] | None
    effects: tuple[tuple[Document, State | None], ...] = ()
    rows: tuple[tuple[object, ...], ...] = ()
    is_undone: bool = False  # rolled back to a savepoint


@dataclass
class Report:
    """What a soak did, and what it found wrong."""

    seconds: float = 0
    committed: Counter[str] = field(default_factory=Counter)  # transactions by isolation
    steps: Counter[str] = field(default_factory=Counter)  # by operation, committed
    retries: Counter[str] = field(default_factory=Counter)  # by SQLSTATE
    refusals: Counter[str] = field(default_factory=Counter)
    unfinished: Counter[str] = field(default_factory=Counter)  # transactions without an end
    crashes: int = 0
    looks: int = 0  # of the reader
    documents: int = 0
    problems: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """Several lines for people."""
        def counted(counts: Counter[str]) -> str:
            return ", ".join(f"{name} {number:,}" for name, number in sorted(counts.items()))

        lines = [
            f"{sum(self.committed.values()):,} transactions committed in {self.seconds:,.0f} s"
            f" ({counted(self.committed)}); {self.documents:,} documents",
            f"steps     {counted(self.steps)}",
            f"retried   {counted(self.retries) or 'none'}",
            f"refused   {counted(self.refusals) or 'none'}",
            f"crashes   {self.crashes}; transactions {counted(self.unfinished) or 'all ended'}",
            f"reader    {self.looks:,} looks at figures beside their documents",
        ]
        return "\n".join(lines + [f"WRONG     {problem}" for problem in self.problems[:50]])


class Soak:
    """The load on one migrated database whose address is asked for at each connection."""

    def __init__(self, address: Callable[[], str], seed: int, *, may_crash: bool) -> None:
        self.address = address
        self.seed = seed
        self.may_crash = may_crash
        self.report = Report()
        self.is_over = threading.Event()
        self.documents: list[list[Document]] = [[] for _ in range(CONNECTIONS)]
        self._count = threading.Lock()
        self.receivable: list[int] = []
        self.payable: list[int] = []

    def open_accounts(self) -> None:
        """Open the accounts: hot ones first, every party on both sides."""
        with psycopg.connect(self.address()) as connection:
            for number in range(HOT + COLD):
                row = connection.execute(
                    """
                    with party as (
                      insert into ref.party (code, name) values (%(code)s, %(code)s)
                      returning party_id
                    )
                    insert into ref.account (party_id, side, policy)
                    select party_id, side, %(policy)s
                    from party, (values ('receivable'), ('payable')) s (side)
                    order by side desc
                    returning account_id
                    """,
                    {"code": f"soak-{number}", "policy": POLICIES[number % len(POLICIES)]},
                ).fetchall()
                self.receivable.append(row[0][0])
                self.payable.append(row[1][0])

    def run(self, seconds: float, crash: Callable[[], None] | None = None) -> Report:
        """Load for so many seconds, crash the server now and then, and look at what is left."""
        start = time.monotonic()
        with ThreadPoolExecutor(CONNECTIONS + 1) as pool:
            workers = [pool.submit(Writer(self, number).run) for number in range(CONNECTIONS)]
            workers.append(pool.submit(self._read))
            try:
                rng = random.Random(self.seed)  # noqa: S311
                while time.monotonic() - start < seconds and not self.is_over.is_set():
                    if crash is not None and time.monotonic() - start > 2:
                        crash()
                        self.report.crashes += 1
                    self.is_over.wait(rng.uniform(2, 5) if crash else 0.2)
            finally:
                self.is_over.set()
            for worker in workers:
                worker.result()
        self.report.seconds = time.monotonic() - start
        self._check()
        return self.report

    def count(self, counter: Counter[str], name: str) -> None:
        """Add one; counters are shared by threads."""
        with self._count:
            counter[name] += 1

    def is_expected_end(self, error: psycopg.Error) -> bool:
        """Whether a connection broke because the server was made to crash."""
        return self.may_crash and (
            error.sqlstate in GONE
            or (error.sqlstate is None and isinstance(error, psycopg.OperationalError))
        )

    def problem(self, what: str) -> None:
        """Something is wrong; the load ends."""
        self.report.problems.append(what)
        self.is_over.set()

    def connect(self) -> psycopg.Connection[Any] | None:
        """Open a connection, waiting for a server that starts again; null when the load is over."""
        while True:
            try:
                # Crossed writers wait a second each by default: most of the load would be waiting.
                return psycopg.connect(self.address(), autocommit=True, connect_timeout=20,
                                       options="-c deadlock_timeout=20ms")
            except psycopg.OperationalError as error:
                if not self.may_crash:
                    self.problem(f"no connection: {error}")
                if self.is_over.wait(0.1):
                    return None

    def _read(self) -> None:
        rng = random.Random(self.seed)  # noqa: S311
        while not self.is_over.is_set():
            connection = self.connect()
            if connection is None:
                return
            try:
                with connection:
                    while not self.is_over.wait(0.05):
                        some = self.receivable[:HOT] + rng.sample(self.receivable[HOT:], 5)
                        stale = connection.execute(STALE, [some]).fetchall()
                        self.report.looks += 1
                        for account_id, shown, right in stale:
                            self.problem(f"account {account_id} shows {shown}, its documents say"
                                         f" {right}")
            except psycopg.Error as error:
                if not self.is_expected_end(error):
                    self.problem(f"reader: {error.sqlstate} {error}")

    def _check(self) -> None:
        """Compare what is in the tables with what was acknowledged, and the figures with both."""
        with psycopg.connect(self.address(), autocommit=True) as connection:
            for row in connection.execute("select * from calc.verify()").fetchmany(20):
                self.problem(f"calc.verify() finds {row}")
            there: dict[str, tuple[str, int, State]] = {}
            for table in TABLES:
                for external_id, account_id, amount, status in connection.execute(
                    f"select external_id, account_id, amount, status from doc.{table}"  # noqa: S608
                    " where source = 'soak'"
                ):
                    there[external_id] = (table, account_id, State(int(amount), status))
        self.report.documents = len(there)
        for document in (document for mine in self.documents for document in mine):
            found = there.pop(document.external_id, None)
            state = None
            if found is not None:
                table, account_id, state = found
                if (table, account_id) != (document.table, document.account_id):
                    self.problem(f"{document} is in {table} of account {account_id}")
            if state not in document.may_be:
                self.problem(f"{document} is {state}")
        for external_id, found in there.items():
            self.problem(f"{external_id} is in the tables but nobody wrote it: {found}")


class Writer:
    """One connection that writes at random until the load is over."""

    def __init__(self, soak: Soak, number: int) -> None:
        self.soak = soak
        self.number = number
        self.rng = random.Random(f"{soak.seed} {number}")  # noqa: S311
        self.written = soak.documents[number]
        self.mine: list[Document] = []  # known to be there
        self.serial = 0
        self.operations: dict[str, tuple[int, Callable[[], list[Step]]]] = {
            "insert": (40, self.insert), "amount": (10, self.change_amount),
            "day": (5, self.change_day), "note": (3, self.change_note), "void": (6, self.void),
            "cheque": (12, self.change_cheque), "delete": (6, self.delete), "pin": (8, self.pin),
            "unpin": (3, self.unpin), "copy": (2, self.copy), "set-off": (3, self.set_off),
            "savepoint": (3, self.savepoint),
        }

    def run(self) -> None:
        """Write until the load is over; what breaks the rules is a problem of the report."""
        while not self.soak.is_over.is_set():
            connection = self.soak.connect()
            if connection is None:
                return
            with connection:
                while not self.soak.is_over.is_set() and not connection.closed:
                    self.transaction(connection)

    def transaction(self, connection: psycopg.Connection[Any]) -> None:
        """One transaction of one to four operations, retried as long as it has to be."""
        weights = [weight for weight, _ in self.operations.values()]
        names = self.rng.choices(
            list(self.operations), weights, k=self.rng.choice((1, 1, 1, 1, 2, 3)))
        isolation = self.rng.choices(
            (IsolationLevel.READ_COMMITTED, IsolationLevel.REPEATABLE_READ,
             IsolationLevel.SERIALIZABLE), (6, 2, 2))[0]
        taken: set[Document] = set()
        steps: list[Step] = []
        for name in names:
            made = self.operations[name][1]()
            touched = {document for step in made for document, _ in step.effects}
            if not touched & taken:  # what an operation says of a document is the last word
                taken |= touched
                steps += made
        if not steps:
            return
        for step in steps:
            for document, _ in step.effects:
                if document.may_be == {None}:
                    self.written.append(document)
        for attempt in range(60):
            try:
                # Inside it, so that an error of the commit is one of these too.
                self.attempt(connection, isolation, steps)
            except psycopg.Error as error:
                code = error.sqlstate
                if self.soak.is_expected_end(error):
                    self.soak.count(self.soak.report.unfinished, "cut off")
                    self.settle(steps, is_known=False)
                    connection.close()
                    return
                if code in RETRYABLE:
                    self.soak.count(self.soak.report.retries, str(code))
                    if self.soak.is_over.is_set():
                        return
                    self.soak.is_over.wait(self.rng.uniform(0, 0.002 * 1.2 ** min(attempt, 25)))
                    continue
                if code in REFUSALS:
                    self.soak.count(self.soak.report.refusals, str(code))
                else:
                    self.soak.problem(f"writer {self.number}: {code} {error}\nin {steps}")
                return
            self.soak.count(self.soak.report.committed, isolation.name.lower().replace("_", " "))
            for name in names:
                self.soak.count(self.soak.report.steps, name)
            self.settle(steps, is_known=True)
            return
        self.soak.count(self.soak.report.unfinished, "given up after many tries")

    def attempt(self, connection: psycopg.Connection[Any], isolation: IsolationLevel,
                steps: list[Step]) -> None:
        """Run the steps in one transaction, and see that each change met its document."""
        connection.isolation_level = isolation
        with connection.transaction():
            for step in steps:
                if step.is_undone:
                    with connection.transaction(force_rollback=True):
                        self.execute(connection, step)
                else:
                    self.execute(connection, step)

    def execute(self, connection: psycopg.Connection[Any], step: Step) -> None:
        """Run one statement."""
        with connection.cursor() as cursor:
            if step.rows:
                with cursor.copy(step.statement) as copy:
                    for row in step.rows:
                        copy.write_row(row)
            else:
                cursor.execute(step.statement, step.parameters)
            if step.effects and cursor.rowcount != len(step.effects):
                self.soak.problem(f"{cursor.rowcount} rows of {len(step.effects)}: {step}")

    def settle(self, steps: list[Step], *, is_known: bool) -> None:
        """Note what a transaction made of the documents; if unknown, that it may have."""
        for step in steps:
            for document, state in step.effects:
                if step.is_undone:
                    continue
                if is_known:
                    document.may_be = {state}
                else:
                    document.may_be.add(state)
                is_sure = is_known and state is not None
                if is_sure and document not in self.mine:
                    self.mine.append(document)
                elif not is_sure and document in self.mine:
                    self.mine.remove(document)
        del self.mine[: max(0, len(self.mine) - 300)]

    # -------------------------------------------------------------------------------- operations

    def account(self) -> int:
        """Often a hot account."""
        accounts = self.soak.receivable
        return self.rng.choice(accounts[:HOT] if self.rng.random() < 0.4 else accounts[HOT:])

    def day(self) -> date:
        """Mostly one of the last days, now and then any."""
        span = (DAYS - 10, DAYS) if self.rng.random() < 0.8 else (0, DAYS)
        return FIRST_DAY + timedelta(days=self.rng.randint(*span))

    def new(self, table: str, account_id: int) -> tuple[Document, State]:
        """A document to be written."""
        self.serial += 1
        document = Document(table, account_id, f"{self.number}-{self.serial}", {None})
        return document, State(self.rng.randint(1, 20) * 10, LIVE[table])

    def one(self, *tables: str) -> Document | None:
        """A document of this writer's in one of these tables, if it has one."""
        mine = [document for document in self.mine if document.table in tables]
        return self.rng.choice(mine) if mine else None

    def insert(self) -> list[Step]:
        """A document of any kind, by a statement."""
        table = self.rng.choices(TABLES[:5], (40, 30, 15, 10, 5))[0]
        document, state = self.new(table, self.account())
        columns = ["account_id", "source", "external_id", "doc_date", "amount"]
        values: list[object] = [document.account_id, "soak", document.external_id, self.day(),
                                state.amount]
        if table in ("invoice", "cheque"):
            columns.append("due_date")
            values.append(self.day() + timedelta(days=30))
        if table in ("credit_note", "adjustment"):
            # Anybody's: it may have gone meanwhile, then none is named; and named, it can't go.
            others = self.rng.choice(self.soak.documents)
            named = self.rng.choice(others[-50:]) if others else None
            if named is not None and named.table == "invoice":
                document.account_id = values[0] = named.account_id
                columns.append("invoice_id")
                return [Step(
                    f"insert into doc.{table} ({', '.join(columns)}) values"  # noqa: S608
                    f" ({', '.join(['%s'] * len(values))}, (select invoice_id from doc.invoice"
                    " where account_id = %s and source = 'soak' and external_id = %s))",
                    (*values, named.account_id, named.external_id), ((document, state),))]
        return [Step(
            f"insert into doc.{table} ({', '.join(columns)})"  # noqa: S608
            f" values ({', '.join(['%s'] * len(values))})",
            tuple(values), ((document, state),))]

    def change(self, document: Document, state: State | None, change: str,
               *values: object) -> list[Step]:
        """A statement on one document of this writer's."""
        return [Step(
            f"{change} where account_id = %s and source = 'soak' and external_id = %s",
            (*values, document.account_id, document.external_id), ((document, state),))]

    def change_amount(self) -> list[Step]:
        """Another amount."""
        document = self.one(*TABLES[:5])
        if document is None:
            return []
        amount = self.rng.randint(1, 20) * 10
        return self.change(document, document.state._replace(amount=amount),
                           f"update doc.{document.table} set amount = %s", amount)  # noqa: S608

    def change_day(self) -> list[Step]:
        """Another day, perhaps long ago."""
        document = self.one("invoice", "payment", "credit_note")
        if document is None:
            return []
        return self.change(document, document.state,
                           f"update doc.{document.table} set doc_date = %s",  # noqa: S608
                           self.day())

    def change_note(self) -> list[Step]:
        """A change of nothing that counts."""
        document = self.one(*TABLES)
        if document is None:
            return []
        return self.change(document, document.state,
                           f"update doc.{document.table} set note = 'seen'")  # noqa: S608

    def void(self) -> list[Step]:
        """Void, or active again."""
        document = self.one("invoice", "payment", "credit_note", "adjustment")
        if document is None:
            return []
        status = LIVE[document.table] if document.state.status == "void" else "void"
        return self.change(document, document.state._replace(status=status),
                           f"update doc.{document.table} set status = %s", status)  # noqa: S608

    def change_cheque(self) -> list[Step]:
        """The next state of a cheque, now and then one that is refused."""
        document = self.one("cheque")
        if document is None:
            return []
        status = self.rng.choice({
            "in_hand": ("deposited", "bounced", "cleared", "endorsed"),
            "deposited": ("bounced", "cleared", "in_hand"),
            "endorsed": ("bounced", "cleared"),
            "bounced": ("deposited", "cleared", "returned", "in_hand"),  # the last is refused
            "cleared": ("bounced", "deposited"),
            "returned": ("in_hand",),
        }[document.state.status])
        return self.change(document, document.state._replace(status=status),
                           "update doc.cheque set status = %s", status)

    def delete(self) -> list[Step]:
        """A document that goes."""
        document = self.one(*TABLES[:5])
        if document is None:
            return []
        return self.change(document, None, f"delete from doc.{document.table}")  # noqa: S608

    def pin(self) -> list[Step]:
        """An instruction about an invoice of anybody's."""
        document = self.one("payment", "cheque")
        if document is None:
            return []
        key = f"{document.table}_id"
        return [Step(
            f"""
            insert into doc.pin (account_id, {key}, invoice_id, amount)
            select c.account_id, c.{key}, i.invoice_id, %s
            from doc.{document.table} c
            join doc.invoice i on i.account_id = c.account_id
            where c.account_id = %s and c.source = 'soak' and c.external_id = %s
            order by i.invoice_id desc
            offset %s limit 1
            """,  # noqa: S608
            (self.rng.choice((None, 10, 50)), document.account_id, document.external_id,
             self.rng.randint(0, 5)))]

    def unpin(self) -> list[Step]:
        """Instructions taken back."""
        return [Step(
            """
            delete from doc.pin where (account_id, pin_id) in (
              select account_id, pin_id from doc.pin where account_id = %s order by pin_id limit 2
            )
            """,
            (self.account(),))]

    def copy(self) -> list[Step]:
        """Many documents over the accounts at once."""
        table = self.rng.choice(("invoice", "payment"))
        accounts = [self.account() for _ in range(self.rng.choice((1, 3, 5, 40)))]
        new = [self.new(table, self.rng.choice(accounts))
               for _ in range(self.rng.choice((20, 200)))]
        return [Step(
            f"copy doc.{table} (account_id, source, external_id, doc_date, amount) from stdin",
            None, tuple(new),
            tuple((document.account_id, "soak", document.external_id, self.day(), state.amount)
                  for document, state in new))]

    def set_off(self) -> list[Step]:
        """A set-off, both legs."""
        here, state = self.new("set_off", self.account())
        there, _ = self.new(
            "set_off", self.soak.payable[self.soak.receivable.index(here.account_id)])
        day = self.day()
        return [Step(
            "insert into doc.set_off (account_id, set_off_no, source, external_id, doc_date,"
            " amount) values (%s, %s, 'soak', %s, %s, %s), (%s, %s, 'soak', %s, %s, %s)",
            (here.account_id, here.external_id, here.external_id, day, state.amount,
             there.account_id, here.external_id, there.external_id, day, state.amount),
            ((here, state), (there, state)))]

    def savepoint(self) -> list[Step]:
        """Many documents, rolled back to a savepoint."""
        return [step._replace(is_undone=True) for step in self.copy()]


@contextmanager
def database(cluster: Cluster | None) -> Iterator[Callable[[], str]]:
    """A migrated database for a soak, gone afterwards; gives what tells its address."""
    name = f"rasid_soak_{os.getpid()}"

    def server() -> str:
        return cluster.dsn() if cluster else os.environ["RASID_DSN"]

    def run(statement: str) -> None:
        with psycopg.connect(server(), autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(sql.Identifier(name)))

    run("create database {} template template0")
    try:
        with psycopg.connect(make_conninfo(server(), dbname=name), autocommit=True) as connection:
            migrate(connection, db.tree())
        yield lambda: make_conninfo(server(), dbname=name)
    finally:
        run("drop database if exists {} with (force)")


def crash_of(cluster: Cluster) -> Callable[[], None]:
    """What stops a cluster dead and starts it again."""
    def crash() -> None:
        cluster.stop("immediate")
        cluster.start()

    return crash


@click.command("soak")
@click.option("--minutes", type=click.FloatRange(0.1), default=5.0, show_default=True, metavar="N")
@click.option("--kill", is_flag=True, help="Stop the server dead again and again meanwhile.")
@click.option("--seed", type=int, default=1404, show_default=True, metavar="S")
def command(minutes: float, kill: bool, seed: int) -> None:
    """Load a database hard and prove that it did no harm.

    Eight connections. Runs on a throw-away embedded server, or in a database of its own on the
    server that RASID_DSN names. Afterwards every acknowledged document has to be there as it was
    written, every figure to follow from the documents, and every error to have been one to be
    retried or a refusal that the load asks for. Exit code 1 with a report if not.
    """
    given = os.environ.get("RASID_DSN")
    if given and kill:
        raise click.UsageError("--kill is for the embedded server: unset RASID_DSN")
    if kill:  # psycopg logs each rollback that a crash makes impossible
        logging.getLogger("psycopg").setLevel(logging.CRITICAL)
    if given:
        report = run(None, minutes, seed, kill=False)
    else:
        with throw_away_cluster({"max_connections": "40"}) as cluster:
            report = run(cluster, minutes, seed, kill=kill)
    click.echo(report)
    click.echo("WRONG" if report.problems else "nothing is wrong")
    sys.exit(1 if report.problems else 0)


def run(cluster: Cluster | None, minutes: float, seed: int, *, kill: bool) -> Report:
    """Make a database, load it, check it."""
    with database(cluster) as address:
        soak = Soak(address, seed, may_crash=kill)
        soak.open_accounts()
        with Console(stderr=True).status(f"{CONNECTIONS} connections for {minutes:g} minutes"):
            return soak.run(minutes * 60, crash_of(cluster) if kill and cluster else None)
