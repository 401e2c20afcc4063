"""The grouped figures are never stale, whatever the refresher does, and nobody waits for it.

`wrong()` compares them in one statement, so in one snapshot, with figures computed from invoices,
lines and allocations. Each condition of DESIGN.md section 7 is then broken on purpose, and the same
comparison must find it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from random import Random
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner
from psycopg import IsolationLevel

from book import while_it_waits
from model_database import read_documents
from model_operations import OPERATIONS, WEIGHTS
from rasid_cli import cli, db, refresh
from rasid_cli.migrate import migrate
from rasid_cli.server import Cluster
from test_model import SOAK_STEPS, refused, walk

Connection = psycopg.Connection[Any]

ISOLATION_LEVELS = [
    IsolationLevel.READ_COMMITTED, IsolationLevel.REPEATABLE_READ, IsolationLevel.SERIALIZABLE,
]

WRONG = """
with fact as (
  select
    i.*,
    date_trunc('month', i.doc_date::timestamp)::date - date '2000-01-01' as month,
    date_trunc('month', i.settled_on::timestamp)::date - date '2000-01-01' as settlement_month,
    ref.jalali_year(i.doc_date) * 100 + ref.jalali_month(i.doc_date) as jalali_month,
    ref.jalali_year(i.settled_on) * 100 + ref.jalali_month(i.settled_on)
      as jalali_settlement_month
  from bi.invoice i
  where i.status = 'settled'
    and i.paid_amount > 0
    and i.kind not in ('opening', 'refund')
),
expected as (
  select
    d.dimension, d.key_id, f.side, f.currency, count(*), sum(f.amount), sum(f.paid_amount),
    sum(f.settlement_money_days), sum(f.variance_money_days),
    percentile_cont(array[0.5, 0.9]) within group (order by f.settlement_period_days::float8),
    percentile_cont(array[0.5, 0.9]) within group (order by f.variance_days::float8)
  from fact f
  cross join lateral (
    values ('salesperson', coalesce(f.salesperson_id, -1)), ('region', coalesce(f.region_id, -1)),
      ('agency', coalesce(f.agency_id, -1)), ('account', f.account_id), ('month', f.month),
      ('jalali_month', f.jalali_month), ('settlement_month', f.settlement_month),
      ('jalali_settlement_month', f.jalali_settlement_month)
  ) d(dimension, key_id)
  group by d.dimension, d.key_id, f.side, f.currency
),
shown as (
  select t.* from calc.settlement_by t
),
collection as (
  select
    'collection ' || c.month, c.side, c.currency,
    c.sales_amount, c.receipt_amount, c.ending_receivable, c.ending_current
  from bi.collection_by_month c
),
collected as (
  select
    'collection ' || c.month, c.side, c.currency,
    (
      select coalesce(sum(i.amount), 0) from bi.invoice i
      where (i.side, i.currency) = (c.side, c.currency) and i.status <> 'void'
        and i.kind not in ('opening', 'refund') and i.doc_date between c.first_day and c.ends_on
    ),
    (
      -- A cheque counts less what the bank paid of it, which is a payment of its own.
      select coalesce(sum(k.allocated_amount + k.unapplied_amount), 0)
      from bi.credit k join bi.account a using (account_id)
      where (a.side, a.currency) = (c.side, c.currency) and k.is_counted
        and k.credit_type in ('payment', 'cheque', 'set_off')
        and k.doc_date between c.first_day and c.ends_on
    ),
    (
      select coalesce(sum(l.amount), 0)
      from calc.line l join ref.account a using (account_id)
      where (a.side, a.currency) = (c.side, c.currency) and l.doc_date <= c.ends_on
    ) - (
      select coalesce(sum(k.amount), 0) from bi.allocation k
      where (k.side, k.currency) = (c.side, c.currency) and k.effective_date <= c.ends_on
    ),
    (
      select coalesce(sum(l.amount), 0)
      from calc.line l join ref.account a using (account_id)
      where (a.side, a.currency) = (c.side, c.currency) and l.doc_date <= c.ends_on
        and l.due_date >= c.ends_on
    ) - (
      select coalesce(sum(k.amount), 0) from bi.allocation k
      where (k.side, k.currency) = (c.side, c.currency) and k.effective_date <= c.ends_on
        and k.due_date >= c.ends_on
    )
  from bi.collection_by_month c
),
settling as (
  select
    i.account_id, i.settled_on as day, 1 as count, i.timing, i.paid_amount,
    coalesce(i.variance_money_days, 0) as variance, 0::numeric as written_off, 0::numeric as lost
  from bi.invoice i
  where i.status = 'settled' and i.paid_amount + i.written_off_amount > 0
    and i.kind not in ('opening', 'refund')
  union all
  select
    k.account_id, k.effective_date, 0, null, 0, 0, k.amount,
    k.amount * greatest(0, k.effective_date - k.due_date)
  from bi.allocation k
  join doc.adjustment d on d.account_id = k.account_id and d.adjustment_id = k.credit_id
  where k.credit_type = 'adjustment' and d.kind = 'write_off'
    and k.invoice_kind not in ('opening', 'refund')
),
windows as (
  select
    (calc.today() - interval '12 months')::date as year,
    (calc.today() - interval '3 months')::date as quarter
),
settled as (
  select
    a.account_id, w.name,
    coalesce(sum(s.count), 0) as count,
    coalesce(sum(s.paid_amount) filter (where s.timing = 'early'), 0) as early,
    coalesce(sum(s.paid_amount) filter (where s.timing = 'on_time'), 0) as on_time,
    coalesce(sum(s.paid_amount) filter (where s.timing = 'late'), 0) as late,
    coalesce(sum(s.written_off), 0) as written_off,
    round(sum(s.variance) / nullif(sum(s.paid_amount), 0), 2) as variance_days,
    round(sum(s.variance + s.lost) / nullif(sum(s.paid_amount + s.written_off), 0), 2) as days
  from ref.account a
  cross join windows t
  cross join lateral (
    values ('all', '-infinity'::date, 'infinity'::date), ('year', t.year, 'infinity'),
      ('recent', t.quarter, 'infinity'), ('before', t.year, t.quarter)
  ) w(name, after, until)
  left join settling s on s.account_id = a.account_id and s.day > w.after and s.day <= w.until
  group by a.account_id, w.name
),
behaved as (
  select
    'behaviour', y.account_id, y.count, y.early, y.on_time, y.late, y.written_off,
    y.variance_days, e.count, e.early, e.on_time, e.late, e.written_off, e.variance_days,
    r.days, b.days
  from settled y
  join settled e using (account_id)
  join settled r using (account_id)
  join settled b using (account_id)
  where (y.name, e.name, r.name, b.name) = ('year', 'all', 'recent', 'before')
),
behaviour as (
  select
    'behaviour', b.account_id, b.settled_count, b.early_amount, b.on_time_amount,
    b.paid_late_amount, b.written_off_amount, b.variance_days, b.all_settled_count,
    b.all_early_amount, b.all_on_time_amount, b.all_paid_late_amount, b.all_written_off_amount,
    b.all_variance_days, b.recent_lateness_days, b.before_lateness_days
  from bi.behaviour b
),
delayed as (
  select
    'delay', f.invoice_id, f.line_no,
    coalesce(
      case when y.count >= 3 then y.variance_days end,
      case when e.count >= 3 then e.variance_days end,
      (
        select round(sum(k.paid_amount * (k.value_date - k.due_date)) / sum(k.paid_amount), 2)
        from (
          select k.account_id, k.value_date, k.due_date, k.amount as paid_amount
          from bi.allocation k
          where k.credit_type in ('payment', 'cheque', 'set_off')
            and k.invoice_kind not in ('opening', 'refund')
        ) k
        join ref.account a using (account_id)
        where (a.side, a.currency) = (f.side, f.currency)
      ),
      0
    )
  from bi.line f
  join settled y on y.account_id = f.account_id and y.name = 'year'
  join settled e on e.account_id = f.account_id and e.name = 'all'
  where f.is_open
),
delay as (
  select 'delay', f.document_id, f.line_no, f.delay_days
  from bi.cash_forecast f
  where f.source_type = 'line'
)
select 'missing: ' || e from (table expected except all table shown) e
union all select 'shown: ' || e from (table shown except all table expected) e
union all select 'missing: ' || e from (table collected except all table collection) e
union all select 'shown: ' || e from (table collection except all table collected) e
union all select 'missing: ' || e from (table behaved except all table behaviour) e
union all select 'shown: ' || e from (table behaviour except all table behaved) e
union all select 'missing: ' || e from (table delayed except all table delay) e
union all select 'shown: ' || e from (table delay except all table delayed) e
"""

BOOK = """
select set_config('rasid.today', '2025-06-30', false);
insert into ref.salesperson (salesperson_id, name) values (101, 'Ava'), (102, 'Babak');
insert into ref.region (region_id, name) values (101, 'North'), (102, 'South');
insert into ref.party (party_id, code, name, salesperson_id, region_id)
values (101, 'a', 'A', 101, 101), (102, 'b', 'B', 102, 102), (103, 'c', 'C', null, null);
insert into ref.account (account_id, party_id) values (101, 101), (102, 102), (103, 103);
insert into doc.invoice (account_id, invoice_id, doc_date, due_date, amount)
select a, a * 10 + m, make_date(2025, m, 5 * m), make_date(2025, m + 1, 5), 100
from generate_series(101, 103) a, generate_series(1, 4) m;
insert into doc.payment (account_id, doc_date, amount)
select a, make_date(2025, m, a - 90), 90
from generate_series(101, 103) a, generate_series(2, 4) m;
"""


def wrong(conn: Connection) -> list[str]:
    """Where a grouped figure is not what the documents say; today is that of the book."""
    conn.execute("select set_config('rasid.today', '2025-06-30', false)")
    return [row[0] for row in conn.execute(WRONG)]


@pytest.fixture
def book(conn: Connection) -> Connection:
    """A connection to a small book, refreshed."""
    conn.execute(BOOK)
    conn.execute("select calc.refresh()")
    assert marks(conn) == 0
    return conn


@pytest.fixture
def open_one(database: str) -> Iterator[Callable[..., Connection]]:
    """Open another connection; outside of autocommit it is at the isolation level given."""
    opened: list[Connection] = []

    def connect(level: IsolationLevel | None = None) -> Connection:
        connection = psycopg.connect(
            database, autocommit=level is None, options="-c statement_timeout=30s"
        )
        connection.isolation_level = level
        opened.append(connection)
        return connection

    yield connect
    for connection in opened:
        connection.close()


def marks(conn: Connection) -> int:
    row = conn.execute("select count(*) from calc.dirty").fetchone()
    assert row is not None
    return int(row[0])


def pay(conn: Connection, account_id: int = 101, amount: int = 50, day: str = "2025-05-05") -> None:
    conn.execute(
        "insert into doc.payment (account_id, doc_date, amount) values (%s, %s, %s)",
        [account_id, day, amount],
    )


def wait_for_lock(conn: Connection, waiting: Connection) -> None:
    deadline = time.monotonic() + 20
    while True:
        row = conn.execute(
            "select cardinality(pg_blocking_pids(%s))", [waiting.info.backend_pid]
        ).fetchone()
        if row and row[0]:
            return
        assert time.monotonic() < deadline, "it does not wait"
        time.sleep(0.01)


# Where a refresh can be held: what is done on another connection so that it waits there.
PAUSES = {
    "before it reads the marks":
        "select pg_advisory_xact_lock('calc.dirty'::regclass::oid::bigint)",
    "at the first view": "create index on calc.settled_invoice (amount)",
    "between the views": "create index on calc.settlement_total (amount)",
    "at the behaviour": "create index on calc.account_behaviour (changed_at)",
    "at the last view": "create index on calc.receivable_day (day)",
    "before it takes the marks away": "select from calc.dirty for update",
}


@contextmanager
def paused(
    conn: Connection, open_one: Callable[..., Connection], pause: str
) -> Iterator[Future[Any]]:
    """Hold a running refresh where `pause` says; it goes on, and ends, when the block is left."""
    holder, refresher = open_one(IsolationLevel.READ_COMMITTED), open_one()
    holder.execute(PAUSES[pause])
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(refresher.execute, "select calc.refresh()")
        try:
            wait_for_lock(conn, refresher)
            yield running
            assert not running.done()
        finally:
            holder.rollback()
        running.result(20)


def change(conn: Connection, **replacements: tuple[str, str]) -> None:
    """Break functions of calc on purpose: name = (what stands there, what is put there)."""
    for name, (old, new) in replacements.items():
        row = conn.execute(
            "select pg_get_functiondef(oid) from pg_proc"
            " where proname = %s and pronamespace = 'calc'::regnamespace", [name]
        ).fetchone()
        assert row is not None and old in row[0], f"calc.{name} has changed: adapt the test"
        conn.execute(row[0].replace(old, new, 1))


# -------------------------------------------------------------------------------- it is never stale


def test_figures_are_right_before_and_after_a_refresh(book: Connection) -> None:
    assert wrong(book) == []
    pay(book)
    assert marks(book) > 0
    assert wrong(book) == []
    book.execute("select calc.refresh()")
    assert marks(book) == 0
    assert wrong(book) == []


def test_the_comparison_can_fail(book: Connection) -> None:
    pay(book)
    book.execute("delete from calc.dirty")
    assert wrong(book)


CHANGES = {
    "a payment":
        "insert into doc.payment (account_id, doc_date, amount) values (101, '2025-05-05', 50)",
    "an earlier payment":
        "insert into doc.payment (account_id, doc_date, amount) values (102, '2025-01-05', 30)",
    "a payment voided": "update doc.payment set status = 'void' where account_id = 101",
    "a value date": "update doc.payment set value_date = doc_date + 9 where account_id = 102",
    "a payment deleted": "delete from doc.payment where account_id = 103",
    "an invoice":
        "insert into doc.invoice (account_id, doc_date, amount) values (101, '2025-01-01', 60)",
    "an amount": "update doc.invoice set amount = 60 where invoice_id = 1011",
    "a date": "update doc.invoice set doc_date = '2025-03-01' where invoice_id = 1011",
    "an invoice voided": "update doc.invoice set status = 'void' where invoice_id = 1021",
    "a kind": "update doc.invoice set kind = 'opening' where invoice_id = 1011",
    "an installment":
        "insert into doc.installment (account_id, invoice_id, line_no, due_date, amount)"
        " values (101, 1011, 1, '2025-02-01', 40), (101, 1011, 2, '2025-05-01', 60)",
    "another salesperson": "update doc.invoice set salesperson_id = 102 where account_id = 101",
    "no region": "update doc.invoice set region_id = null where account_id = 101",
    "a move": "update doc.payment set account_id = 103 where account_id = 101",
    "a moved invoice": "update doc.invoice set account_id = 103 where invoice_id = 1011",
    "a pin":
        "insert into doc.pin (account_id, payment_id, invoice_id)"
        " select account_id, min(payment_id), 1014 from doc.payment where account_id = 101"
        " group by account_id",
    "a cheque":
        "insert into doc.cheque (account_id, doc_date, due_date, amount)"
        " values (101, '2025-04-20', '2025-06-01', 150)",
    "a credit note":
        "insert into doc.credit_note (account_id, doc_date, amount, invoice_id)"
        " values (101, '2025-04-20', 30, 1011)",
    "a write-off":
        "insert into doc.adjustment (account_id, kind, doc_date, amount)"
        " values (102, 'write_off', '2025-06-20', 500)",
    "a policy": "update ref.account set policy = 'manual' where account_id = 101",
    "a rebuild": "select calc.rebuild()",
}


@pytest.mark.parametrize("sql", CHANGES.values(), ids=CHANGES)
def test_whatever_changes_a_figure_marks(book: Connection, sql: str) -> None:
    book.execute(sql)
    assert marks(book) > 0
    assert wrong(book) == []


def test_what_changes_no_figure_does_not_mark(book: Connection) -> None:
    book.execute("update doc.invoice set note = 'a note', doc_no = '7'")
    book.execute("update ref.party set name = 'another', salesperson_id = null")
    assert marks(book) == 0


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_people_do_marks(conn: Connection, seed: int) -> None:
    """The operations of the model, refreshed in between, so that nothing but a mark tells."""
    rng = Random(seed)  # noqa: S311
    with walk(conn, commits=True) as book:
        book.open(seed)
        for _ in range(SOAK_STEPS):
            (name,) = rng.choices(list(WEIGHTS), list(WEIGHTS.values()))
            book.world.documents = read_documents(conn, book.world.accounts)
            try:
                with conn.transaction():
                    for statement in OPERATIONS[name](Random(rng.random()), book.world):  # noqa: S311
                        book.run(statement)
            except psycopg.Error as error:
                assert refused(error), error
            found = [row[0] for row in conn.execute(WRONG)]
            if found:
                book.fail(found)
            if rng.random() < 0.7:
                conn.execute("select calc.refresh()")
                assert marks(conn) == 0
                assert conn.execute(WRONG).fetchall() == []


@pytest.mark.parametrize("statement", [
    "update ref.account set policy = 'manual' where account_id = 101",
    "select calc.rebuild(101)",
])
def test_what_waits_for_an_account_marks_what_came_meanwhile(
    book: Connection, open_one: Callable[..., Connection], statement: str
) -> None:
    """The mark of what came is gone by the time the one who waited commits."""
    writer, waiting = (open_one(IsolationLevel.READ_COMMITTED) for _ in range(2))
    writer.execute(
        "insert into doc.invoice (account_id, invoice_id, doc_date, amount)"
        " values (101, 1, '2024-11-05', 10)"
    )
    # Something to put right, where the statement alone does not change a figure.
    writer.execute("update calc.line set paid_amount = paid_amount + 1 where invoice_id = 1")
    while_it_waits(book, waiting, lambda: waiting.execute(statement), writer.commit)
    book.execute("select calc.refresh()")
    assert marks(book) == 0
    waiting.commit()
    assert book.execute("select * from calc.verify()").fetchall() == []
    assert wrong(book) == []


@pytest.mark.parametrize("level", ISOLATION_LEVELS, ids=lambda level: level.name)
@pytest.mark.parametrize("pause", PAUSES)
def test_readers_at_every_moment_of_a_refresh(
    book: Connection, open_one: Callable[..., Connection], pause: str, level: IsolationLevel
) -> None:
    early, late = open_one(level), open_one(level)
    pay(book, 101)
    assert wrong(early) == []
    writer = open_one(IsolationLevel.READ_COMMITTED)
    pay(writer, 102)
    with paused(book, open_one, pause):
        assert wrong(early) == []
        writer.commit()
        pay(book, 103)
        book.execute("update doc.invoice set salesperson_id = 102 where invoice_id = 1011")
        for reader in (early, late, book):
            assert wrong(reader) == []
    for reader in (early, late, book):
        assert wrong(reader) == []
    assert (marks(book) > 0) is (pause != "before it reads the marks")
    book.execute("select calc.refresh()")
    assert marks(book) == 0
    for reader in (early, late, book):
        assert wrong(reader) == []
    late.rollback()
    assert wrong(late) == []


def test_readers_while_two_write_and_two_refresh(
    book: Connection, open_one: Callable[..., Connection]
) -> None:
    stop = threading.Event()
    deadline = time.monotonic() + 6

    def write(seed: int, conn: Connection) -> int:
        rng = Random(seed)  # noqa: S311
        statements = [
            sql for name, sql in CHANGES.items() if name not in ("a pin", "a rebuild", "a policy")
        ]
        done = 0
        while not stop.is_set():
            try:
                with conn.transaction(force_rollback=rng.random() < 0.2):
                    conn.execute(rng.choice(statements))
                    pay(conn, rng.choice([101, 102, 103]), rng.randrange(1, 80),
                        f"2025-0{rng.randrange(1, 7)}-15")
                done += 1
            except psycopg.Error as error:
                assert (error.sqlstate or "").startswith(("23", "40", "RS")), error
        return done

    def refresh_on_and_on(conn: Connection) -> int:
        done = 0
        while not stop.is_set():
            conn.execute("select calc.refresh()")
            done += 1
        return done

    def read(level: IsolationLevel) -> int:
        conn, done = open_one(level), 0
        while time.monotonic() < deadline:
            assert wrong(conn) == []
            assert wrong(conn) == []
            conn.rollback()
            done += 1
        return done

    with ThreadPoolExecutor(8) as pool:
        others = [pool.submit(write, seed, open_one()) for seed in (1, 2)]
        others += [pool.submit(refresh_on_and_on, open_one()) for _ in range(2)]
        readers = [pool.submit(read, level) for level in ISOLATION_LEVELS]
        try:
            assert all(reader.result(60) > 0 for reader in readers)
        finally:
            stop.set()
        assert all(other.result(60) > 0 for other in others)
    assert wrong(book) == []


# ------------------------------------------------------------------------------ nobody waits for it


@pytest.mark.parametrize("pause", PAUSES)
def test_no_writer_and_no_reader_waits_for_a_refresh(
    book: Connection, open_one: Callable[..., Connection], pause: str
) -> None:
    pay(book)
    other = open_one()
    other.execute("set lock_timeout = '100ms'")
    with paused(book, open_one, pause):
        for sql in CHANGES.values():
            try:
                other.execute(sql)
            except psycopg.Error as error:  # one after the other some no longer fit
                assert (error.sqlstate or "").startswith(("23", "RS")), error
        assert wrong(other) == []
    assert wrong(other) == []


# --------------------------------------------- each condition, broken, gives a figure that is wrong


def test_condition_marks_are_plain_inserts(
    book: Connection, open_one: Callable[..., Connection]
) -> None:
    def write_while_marks_are_taken_away(account_id: int) -> list[str]:
        pay(book, account_id, 10)
        with paused(book, open_one, "before it takes the marks away"):
            pay(book, account_id, 300)
        return wrong(book)

    assert write_while_marks_are_taken_away(101) == []
    book.execute("select calc.refresh()")
    book.execute("create unique index on calc.dirty (month)")
    change(book, append_credit=(
        "(month) values (v_month);",
        "(month) values (v_month) on conflict do nothing;",
    ))
    assert write_while_marks_are_taken_away(102)


def test_condition_marks_are_logged(make_cluster: Callable[..., Cluster]) -> None:
    cluster = make_cluster(synchronous_commit="on")
    cluster.start()
    dsn = cluster.ensure_database("rasid")
    with psycopg.connect(dsn, autocommit=True) as conn:
        migrate(conn, db.tree())
        conn.execute(BOOK)
        conn.execute("select calc.refresh()")
        pay(conn)
    for logged in (True, False):
        if not logged:
            with psycopg.connect(dsn, autocommit=True) as conn:
                conn.execute("alter table calc.dirty set unlogged")
        cluster.stop("immediate")
        cluster.start()
        with psycopg.connect(dsn, autocommit=True) as conn:
            assert (wrong(conn) == []) is logged


def test_condition_marks_are_not_truncated(
    book: Connection, open_one: Callable[..., Connection]
) -> None:
    pay(book)
    change(book, refresh=("where d.dirty_id = r.dirty_id;", "where false; truncate calc.dirty;"))
    reader = open_one(IsolationLevel.REPEATABLE_READ)
    reader.execute("select 1 from ref.setting")
    book.execute("select calc.refresh()")
    assert wrong(book) == []
    assert wrong(reader)


def test_condition_refreshes_are_one_after_the_other(
    book: Connection, open_one: Callable[..., Connection]
) -> None:
    def refresh_twice_at_once() -> list[str]:
        first, second = open_one(IsolationLevel.READ_COMMITTED), open_one()
        pay(book, 103, 10)
        pay(first, amount=70)  # settles an invoice each time
        first.execute("select calc.refresh()")
        with ThreadPoolExecutor(1) as pool:
            running = pool.submit(second.execute, "select calc.refresh()")
            wait_for_lock(book, second)
            first.commit()
            running.result(20)
        return wrong(book)

    assert refresh_twice_at_once() == []
    change(book, refresh=("perform pg_advisory_xact_lock(", "perform abs("))
    assert refresh_twice_at_once()


def test_condition_marks_are_read_before_the_views_are_refreshed(
    book: Connection, open_one: Callable[..., Connection]
) -> None:
    read = "v_dirty_ids := array(\n    select d.dirty_id\n    from calc.dirty d\n  );"
    change(book, refresh=(read, f"{read} v_read_at := v_read_at;"))
    pay(book, 102)
    with paused(book, open_one, "at the last view"):
        pay(book)
    assert wrong(book) == []
    change(book, refresh=("delete from calc.dirty d", f"{read}\n    delete from calc.dirty d"))
    with paused(book, open_one, "at the last view"):
        pay(book)
    assert wrong(book)


def test_condition_views_are_refreshed_concurrently(
    book: Connection, open_one: Callable[..., Connection]
) -> None:
    reader = open_one(IsolationLevel.REPEATABLE_READ)
    reader.execute("select 1 from ref.setting")
    change(book, refresh=("concurrently calc.settlement_total", "calc.settlement_total"))
    pay(book)
    book.execute("select calc.refresh()")
    assert wrong(book) == []
    assert wrong(reader)


@pytest.mark.parametrize(
    "condition", ["true", "d.dirty_id <= (select max(x) from unnest(v_dirty_ids) x)"]
)
def test_condition_only_marks_that_were_read_are_taken_away(
    book: Connection, open_one: Callable[..., Connection], condition: str
) -> None:
    def mark_while_it_refreshes() -> list[str]:
        writer = open_one(IsolationLevel.READ_COMMITTED)
        pay(writer)  # takes its ids now, and commits later
        pay(book, 102)
        with paused(book, open_one, "at the last view"):
            writer.commit()
        return wrong(book)

    assert mark_while_it_refreshes() == []
    book.execute("select calc.refresh()")
    change(book, refresh=("where d.dirty_id = r.dirty_id", f"where {condition}"))
    assert mark_while_it_refreshes()


def test_condition_all_of_it_is_one_transaction(book: Connection) -> None:
    pay(book)
    kept = book.execute("delete from calc.dirty returning month").fetchall()
    between = wrong(book)
    book.cursor().executemany("insert into calc.dirty (month) values (%s)", kept)
    assert between
    assert wrong(book) == []


def test_condition_nothing_else_refreshes(
    book: Connection, open_one: Callable[..., Connection]
) -> None:
    other = open_one(IsolationLevel.REPEATABLE_READ)
    other.execute("select 1 from ref.setting")
    pay(book)
    book.execute("select calc.refresh()")
    assert wrong(book) == []
    other.execute("refresh materialized view calc.settlement_total")
    other.commit()
    assert wrong(book)


@pytest.mark.parametrize(("volatility", "is_right"), [("stable", True), ("volatile", False)])
def test_condition_freshness_is_of_the_readers_snapshot(
    book: Connection, open_one: Callable[..., Connection], volatility: str, is_right: bool
) -> None:
    book.execute(f"""
        create function public.marked_month() returns setof date language plpgsql {volatility} as $$
        begin
          return query select distinct d.month from calc.dirty d;
        end $$;
        create or replace view calc.marked_month as select m as month from public.marked_month() m;
    """)
    pay(book)
    reader, holder = open_one(), open_one(IsolationLevel.READ_COMMITTED)
    holder.execute("select pg_advisory_xact_lock(42)")
    waits = WRONG.replace(
        "with fact as (",
        "with gate as materialized (select pg_advisory_xact_lock_shared(42)), fact as (",
        1,
    ).replace(
        "table shown except", "select s.* from gate, shown s except"
    ).replace(
        "select t.* from calc.settlement_by t",
        "select t.* from gate cross join lateral (select * from calc.settlement_by offset 0) t",
    )
    reader.execute("select set_config('rasid.today', '2025-06-30', false)")
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(lambda: reader.execute(waits).fetchall())
        wait_for_lock(book, reader)
        book.execute("select calc.refresh()")
        holder.commit()
        assert (running.result(20) == []) is is_right


@pytest.mark.parametrize("what", ["change_count", "changed_at"])
def test_condition_behaviour_is_of_an_account_nobody_wrote_to_since(
    book: Connection, what: str
) -> None:
    pay(book)
    assert wrong(book) == []
    # As after a restore of an older state, with as many writes as the one that was kept.
    book.execute(f"""
        update calc.account k set {what} = b.{what}
        from calc.account_behaviour b where b.account_id = k.account_id
    """)
    assert wrong(book) == []
    book.execute("""
        update calc.account k set change_count = b.change_count, changed_at = b.changed_at
        from calc.account_behaviour b where b.account_id = k.account_id
    """)
    assert wrong(book)


def test_condition_behaviour_is_of_the_tolerance_it_was_kept_with(book: Connection) -> None:
    book.execute("update ref.account set tolerance_days = 40 where account_id = 102")
    assert marks(book) == 0
    assert wrong(book) == []
    view = book.execute(
        "select pg_get_viewdef('calc.account_behaviour_now'::regclass)").fetchone()
    assert view is not None and "a.tolerance_days" in view[0]
    book.execute("create or replace view calc.account_behaviour_now as "
                 + view[0].replace("a.tolerance_days", "b.tolerance_days"))
    assert wrong(book)


def test_behaviour_is_kept_by_the_refresher(book: Connection) -> None:
    """Nothing but the kept sums is read of accounts that nobody wrote to."""
    book.execute("create or replace view calc.account_behaviour_live as"
                 " select account_id, days, sums from calc.account_behaviour where false")
    assert wrong(book) == []
    pay(book)
    assert wrong(book)
    book.execute("select calc.refresh()")
    assert wrong(book) == []


def test_condition_what_the_engine_does_not_know_marks_too(book: Connection) -> None:
    book.execute("drop trigger t90_mark_update on doc.invoice")
    book.execute("update doc.invoice set salesperson_id = 102 where account_id = 101")
    assert wrong(book)


def test_a_refresh_is_refused_in_one_snapshot(open_one: Callable[..., Connection]) -> None:
    for level in ISOLATION_LEVELS[1:]:
        with pytest.raises(psycopg.Error) as refusal:
            open_one(level).execute("select calc.refresh()")
        assert refusal.value.sqlstate == "RS510"


def test_the_refresher_refreshes_where_serializable_is_the_default(book: Connection) -> None:
    book.execute("set default_transaction_isolation = 'serializable'")
    book.execute("update doc.invoice set amount = amount + 1 where invoice_id = 1014")
    assert refresh.refresh(book) > 0


# ------------------------------------------------------------------------------------ the refresher


def test_freshness_tells_which_months_are_computed(book: Connection) -> None:
    def fresh() -> dict[str, bool]:
        return dict(book.execute("select month::text, is_fresh from bi.freshness order by month"))

    months = [f"2025-0{number}-01" for number in (1, 2, 3, 4)]
    assert fresh() == dict.fromkeys(months, True)
    book.execute("update doc.invoice set agency_id = null, region_id = 102 where invoice_id = 1014")
    assert fresh() == {**dict.fromkeys(months, True), "2025-04-01": False}
    book.execute("select calc.refresh()")
    assert fresh() == dict.fromkeys(months, True)


def test_refresher_follows_the_changes_and_rests(
    book: Connection, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refresh, "PAUSE", 0.05)
    with refresh.Refresher(database):
        for _ in range(3):
            pay(book)
            deadline = time.monotonic() + 20
            while marks(book):
                assert time.monotonic() < deadline, "it does not refresh"
                time.sleep(0.05)
    assert wrong(book) == []

    rests: list[float] = []

    class Stop(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            assert timeout is not None
            rests.append(timeout)
            self.set()
            return True

    pay(book)
    list(refresh.watch(book, Stop()))
    row = book.execute("select extract(epoch from took)::float8 from calc.refreshed").fetchone()
    assert row is not None
    assert rests[0] >= 9 * row[0]


def test_the_command_refreshes_once(
    book: Connection, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pay(book)
    monkeypatch.setenv("RASID_DSN", database)
    done = CliRunner().invoke(cli.main, ["refresh"])
    assert done.exit_code == 0, done.output
    assert "refreshed" in done.output
    assert marks(book) == 0
