"""What is measured: one function a row of the table of promises, its target beside it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from rasid_cli.bench_books import (
    DOCUMENTS_EACH,
    INVOICES_EACH,
    Bench,
    Book,
    Files,
    load,
)
from rasid_cli.bench_tools import (
    Figure,
    LockWatcher,
    MemoryWatcher,
    Run,
    exponent,
    interleaved,
    median,
    pgbench,
    ratio,
    slope,
    timed,
    wall,
)

Connection = psycopg.Connection[Any]

# An invoice, then the payment that is measured: what is open stays the same however long it runs,
# and the payment settles the rest of one line and a part of the next. Days go on, as in life:
# a new document is the latest of its account.
PAIR = """
\\set n :n + 1
\\set account_id :low + :client_id * :count + random(0, :count - 1)
\\set day :first + :n / (:count * 3 + 10)
\\set amount random(50000, 150000)
insert into {schema}.invoice (account_id, doc_date, due_date, amount)
values (:account_id, date '2026-01-01' + :day::int, date '2026-03-01' + :day::int, :amount);
insert into {schema}.payment (account_id, doc_date, amount)
values (:account_id, date '2026-01-01' + :day::int, :amount);
"""

# The same allocation by whoever has no engine: on one running sum per account, an invoice and a
# credit meet where their stretches overlap.
OVERLAP = """
create materialized view overlap as
with line as (
  select
    account_id,
    invoice_id,
    amount::numeric as amount,
    sum(amount) over (
      partition by account_id order by doc_date, invoice_id
    ) as upto
  from doc.invoice
  where status = 'active'
),
credit as (
  select
    account_id,
    payment_id,
    amount::numeric as amount,
    sum(amount) over (
      partition by account_id order by doc_date, payment_id
    ) as upto
  from doc.payment
  where status = 'approved'
)
select
  l.account_id,
  l.invoice_id,
  c.payment_id,
  least(l.upto, c.upto) - greatest(l.upto - l.amount, c.upto - c.amount) as amount
from line l
join credit c
  on c.account_id = l.account_id
  and c.upto > l.upto - l.amount
  and l.upto > c.upto - c.amount
"""

RATES: list[dict[str, object]] = []  # every pgbench rate, for the second table


@contextmanager
def undone(connection: Connection) -> Iterator[None]:
    """A transaction that is rolled back at the end of the block."""
    with connection.transaction(force_rollback=True):
        yield


def pairs(
    bench: Bench,
    book: Book,
    schema: str,
    *,
    low: int = 1,
    count: int | None = None,
    clients: int = 1,
    is_durable: bool = True,
    core: int | None = None,
    seconds: float | None = None,
) -> Run:
    """Run invoices and payments in turn against accounts `low` … of a book."""
    count = (count or book.accounts) // clients
    first = book.days_gone.get((schema, low), 0)
    run = pgbench(
        bench.bindir, book.dsn, PAIR.format(schema=schema),
        seconds=seconds or bench.seconds, clients=clients, is_durable=is_durable, core=core,
        variables={"n": 0, "first": first, "low": low, "count": count},
    )
    book.days_gone[schema, low] = first + run.transactions // (count * 3 + 10) + 1
    return run


def payment_rate(run: Run) -> float:
    """Payments a second, reckoned from the latency of their statement."""
    return 1 / run.latency[1]


def engine_rate(
    bench: Bench, book: Book, core: int | None, schema: str = "doc", low: int = 1,
    count: int | None = None,
) -> float:
    """Payments a second, not waiting for the disk."""
    return payment_rate(
        pairs(bench, book, schema, low=low, count=count, is_durable=False, core=core))


def pair_rate(bench: Bench, book: Book, schema: str, number: int, is_durable: bool) -> float:
    """Pairs a second of so many clients, each on accounts of its own."""
    return pairs(bench, book, schema, clients=number, is_durable=is_durable).rate


def remember(found: dict[str, list[float]], **facts: object) -> None:
    """Keep the rates of a measurement for the second table."""
    for side, rates in found.items():
        RATES.append({**facts, "tables": side, "rate": round(median(rates), 1)})


def describe(found: dict[str, list[float]], what: str = "/s") -> str:
    """The medians of the sides in words."""
    return ", ".join(f"{side} {median(values):,.0f}{what}" for side, values in found.items())


def against_bare(bench: Bench, book: Book, *, is_durable: bool, core: int | None) -> (
    dict[str, list[float]]
):
    """Payments a second on the bare tables and on Rasid's."""
    def rate(schema: str) -> float:
        return payment_rate(pairs(bench, book, schema, is_durable=is_durable, core=core))

    rate("doc")  # buffers and free space are found
    found = interleaved(bench.rounds, {
        "bare": lambda: rate("bare"), "Rasid": lambda: rate("doc"),
    })
    remember(found, documents=book.documents, clients=1, is_durable=is_durable, of="payments",
             is_on_one_core=core is not None)
    return found


def durable(bench: Bench) -> list[Figure]:
    """A payment that settles one or two invoices, durable, against the bare tables."""
    found = against_bare(bench, bench.book(bench.sizes[0]), is_durable=True, core=None)
    return [Figure("payment insert, durable, 1 client: rate against bare",
                   ratio(found, "Rasid", "bare"), 0.5, note=describe(found))]


def engine(bench: Bench) -> list[Figure]:
    """The same without waiting for the disk, on one core, and the WAL it writes."""
    book = bench.book(bench.sizes[0])
    with bench.one_core() as core:
        found = against_bare(bench, book, is_durable=False, core=core)
    where = "one core" if core is not None else "not pinned"
    costs = {schema: cost_per_payment(bench, book, schema) for schema in ("bare", "doc")}
    sizes = {schema: cost[0] for schema, cost in costs.items()}
    times = {schema: cost[1] for schema, cost in costs.items()}
    return [
        Figure(f"payment insert, synchronous_commit = off, {where}: rate against bare",
               ratio(found, "Rasid", "bare"), 0.25,
               note=", ".join(f"{side} {1e6 / median(rates):,.0f} µs"
                              for side, rates in found.items())),
        Figure("the same by processor time of the backend: bare against Rasid",
               times["bare"] / times["doc"] if times["doc"] else 0,
               note=f"bare {1e6 * times['bare']:,.0f} µs, Rasid {1e6 * times['doc']:,.0f} µs; other"
                    " work on the machine hardly counts here"),
        Figure("WAL of a payment insert", sizes["doc"] / 1000, 2.2, is_floor=False, unit="KB",
               note=f"bare {sizes['bare'] / 1000:.2f} KB"),
    ]


def cost_per_payment(bench: Bench, book: Book, schema: str) -> tuple[float, float]:
    """Bytes of WAL and seconds on a processor of one payment, medians of batches.

    Pages copied whole after a checkpoint don't count; seconds are 0 where they can't be told.
    """
    number = 100
    sizes, seconds = [], []
    with book.connect() as connection:
        accounts = new_accounts(connection, number)
        invoice, payment = (
            f"insert into {schema}.{table} (account_id, doc_date, amount) values (%s, %s, %s)"  # noqa: S608
            for table in ("invoice", "payment")
        )
        if bench.cluster is not None:
            connection.execute("alter system set full_page_writes = off")
            connection.execute("select pg_reload_conf()")
        connection.execute("set synchronous_commit = off")
        cursor = connection.cursor()
        cursor.executemany(payment, [(account, "2026-01-01", 50_000) for account in accounts])
        for attempt in range(5 if bench.is_quick else 10):
            rows = [(account, f"2026-01-{attempt + 2:02}", 100_000) for account in accounts]
            cursor.executemany(invoice, rows)
            connection.execute("select pg_sleep(0.2)")  # the reload; work after the commit
            before = position(connection)
            clock_before = on_processor(bench, connection)
            for row in rows:
                connection.execute(payment, row, prepare=True)
            seconds.append((on_processor(bench, connection) - clock_before) / number)
            sizes.append((position(connection) - before) / number)
        if bench.cluster is not None:
            connection.execute("alter system reset full_page_writes")
            connection.execute("select pg_reload_conf()")
    return median(sizes), median(seconds)


def on_processor(bench: Bench, connection: Connection) -> float:
    """Seconds that a backend of our own server has run so far; 0 where that can't be told."""
    file = Path(f"/proc/{connection.info.backend_pid}/schedstat")
    if bench.cluster is None or not file.exists():
        return 0
    return int(file.read_text().split()[0]) / 1e9


def new_accounts(connection: Connection, number: int, policy: str = "fifo_issue") -> list[int]:
    """Open accounts with no document; their ids."""
    rows = connection.execute(
        """
        with party as (
          insert into ref.party (code, name, region_id, agency_id, salesperson_id)
          select gen_random_uuid(), 'one of the benchmark', 1, 1, 1 from generate_series(1, %s)
          returning party_id
        )
        insert into ref.account (party_id, policy) select party_id, %s from party
        returning account_id
        """,
        [number, policy],
    ).fetchall()
    return sorted(row[0] for row in rows)


def position(connection: Connection) -> int:
    """Bytes of WAL written since the server was made."""
    row = connection.execute("select pg_current_wal_insert_lsn() - '0/0'::pg_lsn").fetchone()
    assert row  # noqa: S101
    return int(row[0])


def size(bench: Bench) -> list[Figure]:
    """The rate on a large book against the rate on a small one, and what bare tables lose there."""
    first, *others = bench.sizes
    small = bench.book(first)
    figures = []
    for documents in others:
        large = bench.book(documents)  # here, so that no larger one has pushed it out of memory
        with bench.one_core() as core:
            found = interleaved(bench.rounds, {
                f"{side} {book.documents:,}": partial(engine_rate, bench, book, core, schema)
                for side, schema in (("Rasid", "doc"), ("bare", "bare"))
                for book in (small, large)
            })
        kept, kept_bare = (
            ratio(found, f"{side} {large.documents:,}", f"{side} {small.documents:,}")
            for side in ("Rasid", "bare"))
        is_promise = documents == others[-1] or documents > 900_000
        figures.append(Figure(
            f"rate at {large.documents:,} documents against {small.documents:,}", kept,
            0.8 if is_promise else None,
            note=f"{describe(found)}; bare tables keep {kept_bare:.2f}"))
    return figures


def settled(bench: Bench) -> list[Figure]:
    """The rate on an account with a long settled past against a fresh one."""
    behind = 20_000 if bench.is_quick else 100_000
    book = bench.book(bench.sizes[0])
    with book.connect() as connection:
        fresh, old = new_accounts(connection, 2)
        past(connection, old, behind)
        for account in (fresh, old):  # a few open lines each
            connection.execute(
                """
                insert into doc.invoice (account_id, doc_date, amount)
                select %s, date '2025-12-01' + n, 100000 from generate_series(1, 10) n
                """, [account])
        connection.execute("vacuum analyze")
    with bench.one_core() as core:
        found = interleaved(bench.rounds, {
            side: partial(engine_rate, bench, book, core, low=account, count=1)
            for side, account in (("fresh", fresh), ("old", old))
        })
    return [Figure(f"rate with {behind:,} settled documents behind it against a fresh account",
                   ratio(found, "old", "fresh"), 0.8, note=describe(found))]


def past(connection: Connection, account: int, documents: int) -> None:
    """Write an account's settled past: invoices and payments in turn, each paid the next day."""
    for table, shift in (("invoice", 0), ("payment", 1)):
        connection.execute(
            f"""
            insert into doc.{table} (account_id, doc_date, amount)
            select %(account)s, date '2024-01-01' + %(shift)s + (n * 690 / %(number)s)::int, 1000
            from generate_series(1, %(number)s) n
            """,  # noqa: S608
            {"account": account, "shift": shift, "number": documents // 2})


def clients(bench: Bench) -> list[Figure]:
    """Four clients on different accounts against one."""
    book = bench.book(bench.sizes[-1])
    figures = []
    for is_durable in (False, True):
        # Both sides write the same tables, so both have them in the same state.
        with LockWatcher(book.dsn) as locks:
            found = interleaved(2 if bench.is_quick else bench.rounds, {
                f"{number} client{'s' * (number > 1)}":
                    partial(pair_rate, bench, book, "doc", number, is_durable)
                for number in (1, 4)
            })
        how = "durable" if is_durable else "synchronous_commit = off"
        waits = sum(number for kind, number in locks.waits.items() if kind != "extend")
        figures.append(Figure(f"4 clients on different accounts against 1, {how}",
                              ratio(found, "4 clients", "1 client"), 1.3,
                              note=describe(found, " pairs/s")))
        figures.append(Figure(
            f"lock waits seen in pg_locks meanwhile, {how}", waits, 0, is_floor=False,
            note=f"in {locks.sightings:,} looks"
                 + (f"; room for a relation to grow: {locks.waits['extend']}"
                    if locks.waits["extend"] else "")))
    return figures


def rates(bench: Bench) -> list[Figure]:
    """Invoice and payment in turn: tables bare, usual and Rasid's, every size, 1 and 4 clients."""
    found_worst = []
    for documents in bench.sizes[-1:] if bench.is_quick else bench.sizes[:3]:
        book = bench.book(documents)
        for number in (1, 4):
            for is_durable in (False,) if bench.is_quick else (True, False):
                bench.say(f"rates at {documents:,} documents, {number} clients")
                found = interleaved(1 if bench.is_quick else 3, {
                    side: partial(pair_rate, bench, book, schema, number, is_durable)
                    for side, schema in (("bare", "bare"), ("Rasid", "doc"))
                })
                found["usual"] = [pair_rate(bench, book, "usual", number, is_durable)]
                remember(found, documents=book.documents, clients=number, is_durable=is_durable,
                         of="pairs", is_on_one_core=False)
                found_worst.append(median(found["Rasid"]) / found["usual"][0])
    return [Figure("Rasid's rate against the usual matview's, largest book, 4 clients",
                   found_worst[-1], note="all of them in the second table")]


def bounce(bench: Bench) -> list[Figure]:
    """A cheque that bounces, and a return dated back, with so many documents after them."""
    book = bench.book(bench.sizes[1])
    numbers = (500, 1000, 2000, 4000) if bench.is_quick else (500, 1000, 2000, 4000, 8000, 16000)
    with book.connect() as connection:
        (account,) = new_accounts(connection, 1)
        most = numbers[-1] * 5 // 4
        past(connection, account, most)
        cheques, invoices = {}, {}
        for number in numbers:
            # So many documents of this account come after this day.
            day = value(connection, """
                select doc_date
                from (
                  select doc_date from doc.invoice where account_id = %(account)s
                  union all
                  select doc_date from doc.payment where account_id = %(account)s
                ) d
                order by doc_date desc offset %(number)s limit 1
                """, account=account, number=number)
            invoices[number] = value(connection, """
                select max(invoice_id) from doc.invoice
                where account_id = %(account)s and doc_date <= %(day)s
                """, account=account, day=day)
            cheques[number] = value(connection, """
                insert into doc.cheque (account_id, doc_date, due_date, amount, status_date)
                values (%(account)s, %(day)s, %(day)s, 1500, %(day)s)
                returning cheque_id
                """, account=account, day=day)
        connection.execute("vacuum analyze")

        def measure(statement: str, ids: dict[int, Any]) -> list[tuple[float, float]]:
            points = []
            for number in numbers:
                seconds = []
                for _ in range(bench.rounds):
                    with undone(connection):
                        seconds.append(clock(
                            connection, statement, {"account": account, "id": ids[number]}))
                points.append((float(number), median(seconds)))
                connection.execute("vacuum calc.line, calc.credit, calc.allocation")
            return points

        bounced = measure("""
            update doc.cheque set status = 'bounced', status_date = doc_date
            where account_id = %(account)s and cheque_id = %(id)s
            """, cheques)
        returned = measure("""
            insert into doc.credit_note (account_id, kind, doc_date, amount, invoice_id)
            select account_id, 'return', doc_date, 700, invoice_id from doc.invoice
            where account_id = %(account)s and invoice_id = %(id)s
            """, invoices)
    return [
        *replay_figures("bounce of a cheque so far back", bounced, book),
        *replay_figures("return that names an invoice so far back", returned, book),
    ]


def many(bench: Bench) -> list[Figure]:
    """One statement that changes the first payment of many accounts."""
    book = bench.book(bench.sizes[1])
    points = []
    with book.connect() as connection:
        firsts = [row[0] for row in connection.execute(
            """
            select distinct on (account_id) payment_id from doc.payment
            where account_id <= 1000 and source = 'bench'
            order by account_id, doc_date, payment_id
            """)]
        for number in (100, 300, 1000):
            some = firsts[:number]
            replayed = value(connection, """
                select count(*)
                from (
                  select account_id, doc_date as day from doc.payment
                  where payment_id = any (%(some)s)
                ) f
                cross join lateral (
                  select from doc.invoice
                  where account_id = f.account_id and doc_date > f.day
                  union all
                  select from doc.payment
                  where account_id = f.account_id and doc_date >= f.day
                ) d
                """, some=some)
            seconds = []
            for _ in range(1 if bench.is_quick else 3):
                with undone(connection):
                    seconds.append(clock(
                        connection,
                        "update doc.payment set amount = amount + 1 where payment_id = any (%s)"
                        " and account_id <= 1000", [some]))
            points.append((float(replayed), median(seconds)))
            connection.execute("vacuum calc.line, calc.credit, calc.allocation, doc.payment")
    return replay_figures("one statement over 1,000 accounts", points, book)


def replay_figures(what: str, points: list[tuple[float, float]], book: Book) -> list[Figure]:
    """Seconds by documents replayed: their growth, and their slope against the bulk load."""
    bulk = book.load_seconds["doc"] / book.documents
    shown = ", ".join(f"{number:,.0f}: {1000 * seconds:,.0f} ms" for number, seconds in points)
    return [
        Figure(f"{what}: time per document replayed against the bulk load's",
               slope(points) / bulk, 3, is_floor=False,
               note=f"{1e6 * slope(points):,.0f} µs against {1e6 * bulk:,.0f} µs"),
        Figure(f"{what}: growth, 1 is linear", exponent(points), 1.1, is_floor=False, note=shown),
    ]


def value(connection: Connection, query: str, **parameters: object) -> Any:
    """The one value that a query returns."""
    row = connection.execute(query, parameters).fetchone()
    assert row  # noqa: S101
    return row[0]


def bulk(bench: Bench) -> list[Figure]:
    """COPY of a whole book into the bare tables and into Rasid's, and the memory it takes."""
    accounts = bench.bulk_accounts
    files = bench.files(accounts)
    figures = []
    peak = 0
    for policy, is_complete in (("fifo_issue", False), ("fifo_due", False), ("fifo_issue", True)):
        if bench.is_quick and policy == "fifo_due":
            continue
        rounds = 1 if bench.is_quick else 2
        found: dict[str, list[float]] = {"bare": [], "Rasid": []}
        for attempt in range(rounds):
            for side, schema in (("bare", "bare"), ("Rasid", "doc")):
                bench.say(f"COPY of {files.documents:,} documents, {policy}, {side}")
                address = bench.accounts_only(accounts, policy)
                seconds, memory = load_watched(address, files, schema, is_complete=is_complete)
                found[side].append(seconds)
                peak = max(peak, memory if schema == "doc" else 0)
                if (policy, is_complete, schema, attempt) == (
                    "fifo_issue", False, "doc", rounds - 1
                ):
                    bench.keep(Book(address, files.documents, accounts, {"doc": seconds}))
                else:
                    bench.drop_database(str(conninfo_to_dict(address)["dbname"]))
        named = ", term, salesperson, region and agency named" if is_complete else ""
        figures.append(Figure(
            f"COPY of {accounts * INVOICES_EACH:,} invoices and"
            f" {files.documents - accounts * INVOICES_EACH:,} payments, {accounts:,} accounts,"
            f" {policy}{named}: time against bare",
            ratio(found, "Rasid", "bare"), 4, is_floor=False,
            note=", ".join(f"{side} {median(times):,.1f} s" for side, times in found.items())))
    if peak:
        figures.append(Figure("memory of a backend during the COPY", peak / 2**20, 1024,
                              is_floor=False, unit="MiB", note="anonymous memory at its highest"))
    return figures


def clock(connection: Connection, statement: str, parameters: Any = None) -> float:
    """Seconds of one statement."""
    return timed(lambda: connection.execute(statement, parameters))


def load_watched(
    address: str, files: Files, schema: str, *, is_complete: bool
) -> tuple[float, int]:
    """Seconds of the COPY of both files, commit included, and the backend's highest memory."""
    with psycopg.connect(address) as connection, connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid(), inet_server_addr() <<= '127.0.0.0/8'")
        pid, is_here = cursor.fetchone() or (0, False)
        connection.commit()
        if not is_here:
            return load(connection, files, schema, is_complete=is_complete), 0
        with MemoryWatcher(pid) as memory:
            seconds = load(connection, files, schema, is_complete=is_complete)
        return seconds, memory.peak


def memory(bench: Bench) -> list[Figure]:
    """Memory of a backend that adds to an account, by the length of its settled past."""
    book = bench.book(bench.sizes[0])
    if bench.cluster is None:
        return []
    peaks = []
    sizes = (1_000, 20_000) if bench.is_quick else (1_000, 100_000)
    for behind in sizes:
        with book.connect() as connection:
            (account,) = new_accounts(connection, 1)
            past(connection, account, behind)
        with book.connect() as connection, MemoryWatcher(connection.info.backend_pid) as watcher:
            for number in range(50):
                for table in ("invoice", "payment"):
                    connection.execute(
                        f"insert into doc.{table} (account_id, doc_date, amount)"  # noqa: S608
                        " values (%s, date '2026-01-01' + %s, 1000)", [account, number],
                        prepare=True)
            watcher.look()
        peaks.append(watcher.peak)
    return [Figure(
        f"memory that {sizes[1]:,} settled documents behind an account add to its writer",
        (peaks[1] - peaks[0]) / 2**20, 2, is_floor=False, unit="MiB",
        note=", ".join(f"{behind:,} behind: {peak / 2**20:.1f} MiB"
                       for behind, peak in zip(sizes, peaks, strict=True)))]


def rebuild(bench: Bench) -> list[Figure]:
    """calc.rebuild() of a whole book against a one-off matview of the same allocation."""
    book = bench.book(bench.bulk_accounts * DOCUMENTS_EACH)
    with book.connect() as connection:
        number = value(connection, "select count(*) from calc.allocation")
        times: dict[str, list[float]] = {"matview": [], "rebuild": [], "unchanged": []}
        for _ in range(2):
            times["matview"].append(clock(connection, OVERLAP))
            found = value(connection, "select count(*) from overlap")
            if abs(found - number) > 0.001 * number + 1000:
                raise RuntimeError(f"matview of {found} allocations, the engine's are {number}")
            connection.execute("drop materialized view overlap")
            connection.execute("truncate calc.line, calc.credit, calc.allocation, calc.account")
            times["rebuild"].append(clock(connection, "select calc.rebuild()"))
            connection.execute("vacuum analyze calc.line, calc.credit, calc.allocation")
            times["unchanged"].append(clock(connection, "select calc.rebuild()"))
            connection.execute("vacuum analyze calc.line, calc.credit, calc.allocation")
    note = ", ".join(f"{side} {median(seconds):,.1f} s" for side, seconds in times.items())
    return [
        Figure(f"calc.rebuild() of {book.documents:,} documents {state} against a matview of the"
               " overlap of running sums",
               ratio(times, side, "matview"), 2, is_floor=False, note=note)
        for side, state in (("unchanged", "as they stand"), ("rebuild", "from nothing"))
    ]


def latest(bench: Bench) -> list[Figure]:
    """Update and void of the latest 10,000 documents in one statement against their insert."""
    number = 2_000 if bench.is_quick else 10_000
    book = bench.book(bench.sizes[1])
    figures = []
    with book.connect() as connection:
        for table in ("payment", "invoice"):
            times: dict[str, list[float]] = {"insert": [], "update": [], "void": []}
            insert = f"""
                insert into doc.{table} (account_id, doc_date, amount)
                select 1 + n %% %(accounts)s, date '2099-01-01', 90000 + n
                from generate_series(1, %(number)s) n
                returning {table}_id
                """  # noqa: S608
            for _ in range(1 if bench.is_quick else bench.rounds):
                with undone(connection):
                    begin = time.perf_counter()
                    ids = [row[0] for row in connection.execute(
                        insert, {"accounts": book.accounts, "number": number})]
                    times["insert"].append(time.perf_counter() - begin)
                    for side, change in (("update", "amount = amount + 1"),
                                         ("void", "status = 'void'")):
                        with undone(connection):
                            times[side].append(clock(
                                connection,
                                f"update doc.{table} set {change} where {table}_id >= %s"  # noqa: S608
                                " and doc_date = '2099-01-01'", [min(ids)]))
                connection.execute("vacuum")
            for side in ("update", "void"):
                figures.append(Figure(
                    f"{side} of the latest {number:,} {table}s against their insert",
                    ratio(times, side, "insert"), 3, is_floor=False,
                    note=f"{1000 * median(times[side]):,.0f} ms against"
                         f" {1000 * median(times['insert']):,.0f} ms"))
    return figures


def reading(bench: Bench) -> list[Figure]:
    """bi.aging of all accounts and bi.account of one."""
    accounts = bench.bulk_accounts
    book = bench.book(bench.bulk_accounts * DOCUMENTS_EACH)
    with book.connect() as connection:
        connection.execute("vacuum analyze")
        queries = {
            "aging": "select * from bi.aging",
            "group by": "select account_id, sum(amount) from doc.invoice group by 1",
        }
        for query in queries.values():
            wall(connection, query)
        found = interleaved(bench.rounds, {
            name: partial(wall, connection, query)
            for name, query in queries.items()
        })
    one = lookup(bench, book, {
        "bi.account": "select * from bi.account where account_id = :account_id;",
        "look-up": "select * from ref.account where account_id = :account_id;",
    }, low=1, count=accounts)
    return [
        Figure(f"bi.aging of {accounts:,} accounts against a plain group by over doc.invoice",
               ratio(found, "aging", "group by"), 1, is_floor=False,
               note=", ".join(f"{name} {1000 * median(times):,.0f} ms"
                              for name, times in found.items())),
        Figure("bi.account of one account, prepared, against a primary-key look-up",
               ratio(one, "bi.account", "look-up"), 8, is_floor=False, note=in_µs(one)),
    ]


def as_of(bench: Bench) -> list[Figure]:
    """Figures of one account of 100 documents as of a day against the live view."""
    book = bench.book(bench.sizes[0])
    with book.connect() as connection:
        (account,) = new_accounts(connection, 1)
        past(connection, account, 100)
        connection.execute("vacuum analyze")
    figures = []
    for view in ("invoice", "account"):
        found = lookup(bench, book, {
            "as of": f"select * from bi.{view}_as_of('2025-12-31')"  # noqa: S608
                     " where account_id = :account_id;",
            "live": f"select * from bi.{view} where account_id = :account_id;",  # noqa: S608
        }, low=account, count=1)
        figures.append(Figure(f"bi.{view}_as_of for an account of 100 documents against the live"
                              " view", ratio(found, "as of", "live"), 10, is_floor=False,
                              note=in_µs(found)))
    return figures


def lookup(bench: Bench, book: Book, queries: dict[str, str], *, low: int, count: int) -> (
    dict[str, list[float]]
):
    """Seconds of each query for an account at random, prepared, one client."""
    with bench.one_core() as core:
        def latency(query: str) -> float:
            return pgbench(
                bench.bindir, book.dsn,
                f"\\set account_id random({low}, {low + count - 1})\n{query}\n",
                seconds=min(bench.seconds, 2), core=core,
            ).latency[0]

        return interleaved(1 if bench.is_quick else 5, {
            name: partial(latency, query)
            for name, query in queries.items()
        })


def in_µs(found: dict[str, list[float]]) -> str:
    """The medians of the sides in microseconds."""
    return ", ".join(f"{side} {1e6 * median(times):,.0f} µs" for side, times in found.items())


MEASURES: dict[str, Callable[[Bench], list[Figure]]] = {
    measure.__name__.replace("_", "-"): measure
    for measure in (durable, engine, size, settled, clients, bounce, many, bulk, memory, rebuild,
                    latest, reading, as_of, rates)
}
