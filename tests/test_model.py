"""The database against the model of DESIGN.md sections 4 to 6, under everything people do.

Each example opens some accounts, does one operation after another and after every statement reads
the documents back, works the figures out in Python and compares them with `bi`: what is shown must
be a pure function of the documents now in the tables. A failure prints SQL to replay.

`RASID_HYPOTHESIS_EXAMPLES` (default 40) deepens the search, `RASID_SOAK_STEPS` (default 100)
lengthens the walks.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from random import Random

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from model_database import (
    Connection,
    broken_as_of,
    broken_histories,
    differences,
    differences_as_of,
    read_documents,
    rows,
)
from model_operations import OPERATIONS, TODAY, WEIGHTS, Copy, Statement, World, a_day

EXAMPLES = int(os.environ.get("RASID_HYPOTHESIS_EXAMPLES", "40"))
SOAK_STEPS = int(os.environ.get("RASID_SOAK_STEPS", "100"))

FIRST_ACCOUNT = 900_000_001
FIRST_DOCUMENT = 1_000_000_000  # ids of a replay are those of the failure
POLICIES = ("fifo_issue", "fifo_issue", "fifo_issue", "fifo_due", "manual")


def seeded(seed: int) -> Random:
    return Random(seed)  # noqa: S311


def refused(error: psycopg.Error) -> bool:
    """Tell whether a constraint or a rule of the book said no; anything else is a fault."""
    return (error.sqlstate or "").startswith(("23", "RS"))


class Walk:
    """Some accounts and what was done to them, with the SQL to do it again."""

    def __init__(self, conn: Connection, *, commits: bool) -> None:
        self.conn = conn
        self.commits = commits
        self.log: list[str] = []
        self.accepted: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.world = World({}, ())

    def run(self, statement: Statement) -> None:
        """Execute, and keep it for the replay."""
        self.log.append(f"{statement};" if isinstance(statement, str) else str(statement))
        with self.conn.cursor() as cursor:
            if isinstance(statement, Copy):
                with cursor.copy(statement.statement) as incoming:
                    incoming.write("".join(f"{line}\n" for line in statement.lines))
            else:
                cursor.execute(statement)

    def open(self, seed: int) -> None:
        """Three accounts: two receivable, one payable of the same party."""
        rng = seeded(seed)
        ids = [FIRST_ACCOUNT, FIRST_ACCOUNT + 1, FIRST_ACCOUNT + 2]
        party, other = ids[0], ids[1]
        self.run(f"select set_config('rasid.today', '{TODAY}', false)")
        self.run(f"select setval('doc.document_id_seq', {FIRST_DOCUMENT})")
        self.run(
            "insert into ref.party (party_id, code, name)"
            f" values ({party}, 'model-1', 'One'), ({other}, 'model-2', 'Two')"
        )
        self.run(
            "insert into ref.payment_term (payment_term_id, code, name)"
            f" values ({ids[0]}, 'model-halves', 'Halves'), ({ids[1]}, 'model-thirds', 'Thirds')"
        )
        self.run(
            "insert into ref.payment_term_line (payment_term_id, line_no, days, percent)"
            f" values ({ids[0]}, 1, 30, 50), ({ids[0]}, 2, 0, 50), ({ids[1]}, 1, 0, 33.33),"
            f" ({ids[1]}, 2, 30, 33.33), ({ids[1]}, 3, 60, 33.34)"
        )
        for account_id, party_id, side in (
            (ids[0], party, "receivable"),
            (ids[1], other, "receivable"),
            (ids[2], party, "payable"),
        ):
            term = rng.choice(["null", "null", "null", str(ids[0])])
            self.run(
                "insert into ref.account (account_id, party_id, side, currency, policy,"
                " payment_term_id, credit_limit, tolerance_days, risk_days, cheque_grace_days)"
                f" values ({account_id}, {party_id}, '{side}', '{rng.choice(['IRR', 'USD'])}',"
                f" '{rng.choice(POLICIES)}', {term}, {rng.choice(['null', '1000'])},"
                f" {rng.choice([0, 3])}, {rng.choice([0, 30])}, {rng.choice([0, 7])})"
            )
        self.world = World(read_documents(self.conn, ids), (ids[0], ids[1]))

    def close(self) -> None:
        """Take everything away again, which the figures must survive too."""
        ids = ", ".join(str(a) for a in self.world.accounts)
        self.run("begin")
        for table in ("credit_note", "adjustment", "payment", "cheque", "set_off", "invoice"):
            self.run(f"delete from doc.{table} where account_id in ({ids})")
            self.check()
        self.run(f"delete from ref.account where account_id in ({ids})")
        self.run("delete from ref.party where code in ('model-1', 'model-2')")
        self.run("delete from ref.payment_term where code in ('model-halves', 'model-thirds')")
        self.run("commit")

    def fail(self, what: Sequence[str]) -> None:
        """Say what is wrong and how to come there again."""
        raise AssertionError("\n".join([*what, "", "replay:", *self.log]))

    def check(self) -> None:
        """Compare with the figures of the documents now in the tables."""
        self.world.documents = read_documents(self.conn, self.world.accounts)
        found = broken_histories(self.conn, self.world.accounts)
        found += differences(self.conn, self.world.documents, TODAY)
        if found:
            self.fail(found)

    def verify(self) -> None:
        """Let the database compare with itself, computed again from nothing."""
        found = rows(self.conn, "select * from calc.verify()")
        if found:
            self.fail(["calc.verify() finds:", *(str(row) for row in found)])
        found = broken_as_of(self.conn, self.world.accounts)
        if found:
            self.fail(["as of a day:", *(str(row) for row in found)])

    def check_as_of(self, day: date) -> None:
        """Compare as of the end of a day."""
        found = differences_as_of(self.conn, self.world.documents, day)
        if found:
            self.fail(found)

    def step(self, name: str, seed: int) -> None:
        """One operation as a transaction: accepted as a whole or refused as a whole."""
        self.log.append(f"-- {name} {seed}")
        statements = OPERATIONS[name](seeded(seed), self.world)
        if not statements:
            return
        self.run("begin" if self.commits else "savepoint operation")
        try:
            for statement in statements:
                self.run(statement)
                self.check()
            if self.commits:
                self.run("commit")
            else:
                self.run("set constraints all immediate")
                self.run("set constraints all deferred")
                self.run("release savepoint operation")
        except psycopg.Error as error:
            if not refused(error):
                self.fail([f"{error.sqlstate}: {error}"])
            self.log.append(f"-- refused: {error.sqlstate} {error.diag.constraint_name}")
            self.run("rollback" if self.commits else "rollback to savepoint operation")
            self.refused[name] += 1
        else:
            self.accepted[name] += 1
        self.check()
        self.verify()


@contextmanager
def walk(conn: Connection, *, commits: bool = False) -> Iterator[Walk]:
    """Accounts that are gone afterwards: rolled back, or taken away again."""
    conn.autocommit = True
    result = Walk(conn, commits=commits)
    if not commits:
        result.run("begin")
    try:
        yield result
    finally:
        conn.rollback()


STEPS = st.lists(
    st.tuples(
        st.sampled_from([name for name, weight in WEIGHTS.items() for _ in range(weight)]),
        st.integers(0, 2**32 - 1),
    ),
    min_size=1,
    max_size=25,
)


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="RASID_HYPOTHESIS_EXAMPLES" not in os.environ,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(setting=st.integers(0, 2**16), steps=STEPS)
def test_figures_follow_from_the_documents(
    conn: Connection, setting: int, steps: list[tuple[str, int]]
) -> None:
    with walk(conn) as book:
        book.open(setting)
        for name, seed in steps:
            book.step(name, seed)
        for day in {a_day(seeded(setting)), a_day(seeded(setting + 1)), TODAY}:
            book.check_as_of(day)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_long_walk_with_commits(conn: Connection, seed: int) -> None:
    rng = seeded(seed)
    with walk(conn, commits=True) as book:
        book.open(seed)
        for number in range(SOAK_STEPS):
            (name,) = rng.choices(list(WEIGHTS), list(WEIGHTS.values()))
            book.step(name, rng.randrange(2**32))
            if number % 20 == 19:
                book.check_as_of(a_day(rng))
        book.close()
    # A walk that is refused everywhere would prove nothing.
    assert sum(book.accepted.values()) > SOAK_STEPS / 2, (book.accepted, book.refused)
