"""What the statistics cost: a writer's rate beside the refresher, and what a grouped view takes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from rasid_cli import bench_measures
from rasid_cli.bench_books import Bench, Book
from rasid_cli.bench_measures import clock, describe, pairs, undone, value
from rasid_cli.bench_tools import Figure, interleaved, median, ratio, wall
from rasid_cli.refresh import REST, watch

# What bi.settlement_by_… shows, from the rows kept of each line, without a materialized view.
LIVE = """
select
  {key},
  f.side,
  f.currency,
  count(*),
  sum(f.amount),
  sum(f.paid_amount),
  sum(f.settlement_money_days),
  sum(f.variance_money_days),
  percentile_cont(array[0.5, 0.9]) within group (order by f.settlement_days::float8),
  percentile_cont(array[0.5, 0.9]) within group (order by f.variance_days::float8)
from ({rows}) f
group by {key}, f.side, f.currency
"""

MARK = """
insert into calc.dirty (month)
select distinct month from calc.receivable_day order by month desc limit %s
"""


def refresher(bench: Bench) -> list[Figure]:
    """A writer's rate with the refresher running against without, in rounds of a whole turn."""
    book = bench.book(bench.sizes[0 if bench.is_quick else 1])
    with book.connect() as connection:
        connection.execute("select calc.mark_all()")
        alone = clock(connection, "select calc.refresh()")
    # Twice as long beside a writer, about. A round is as long as a refresh and its rest.
    seconds = max(bench.seconds, 2 * (1 + REST) * alone)

    def rate() -> float:
        return pairs(bench, book, "doc", seconds=seconds).rate

    turns: list[float] = []

    def rate_beside() -> float:
        with refreshing(book, turns):
            return rate()

    rounds = 1 if bench.is_quick else 3
    found = interleaved(rounds, {"without": rate, "with": rate_beside})
    return [Figure(
        f"a writer's rate with rasid refresh --watch against without, {book.documents:,} documents",
        ratio(found, "with", "without"), 0.9,
        note=f"{describe(found, ' pairs/s')}; {len(turns)} refreshes of {median(turns):.1f} s in"
             f" {rounds} rounds of {seconds:.0f} s")]


@contextmanager
def refreshing(book: Book, turns: list[float]) -> Iterator[None]:
    """The refresher beside the block, waited for at its end; adds the seconds of each refresh."""
    stop = threading.Event()

    def run() -> None:
        with book.connect() as connection:
            turns.extend(took for _, took in watch(connection, stop))

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def grouped(bench: Bench) -> list[Figure]:
    """Grouped views: fresh, with some months marked, with all marked, and without matviews."""
    book = bench.book(bench.sizes[-1])
    figures = []
    with book.connect() as connection:
        bench.say("refreshing")
        connection.execute("select calc.mark_all()")
        took = clock(connection, "select calc.refresh()")
        connection.execute("vacuum analyze")
        months = value(connection, "select count(distinct month) from calc.receivable_day")
        rows = value(connection, """
            select rtrim(definition, ';') from pg_matviews
            where schemaname = 'calc' and matviewname = 'settled_invoice'
            """)
        for dimension, key in (("salesperson", "f.salesperson_id"), ("month", "f.month")):
            view = f"select * from bi.settlement_by_{dimension}"  # noqa: S608
            live = LIVE.format(key=key, rows=rows)

            def marked(number: int, view: str = view) -> float:
                with undone(connection):
                    connection.execute(MARK, [number])
                    return wall(connection, view)

            wall(connection, view)
            found = interleaved(bench.rounds, {
                "fresh": partial(wall, connection, view),
                f"3 of {months} months marked": partial(marked, 3),
                "all marked": partial(marked, months),
                "without materialized views": partial(wall, connection, live),
            })
            seen = ", ".join(f"{side} {1000 * median(times):,.1f} ms"
                             for side, times in found.items())
            fresh, *others, plain = found
            name = f"bi.settlement_by_{dimension}, {book.documents:,} documents"
            figures.append(Figure(f"{name}, fresh", 1000 * median(found[fresh]), 20,
                                  is_floor=False, unit="ms", note=seen))
            figures += [
                Figure(f"{name}, {side}: time against computing all of it without materialized"
                       " views", ratio(found, side, plain))
                for side in others
            ]
    figures.append(Figure(
        f"calc.refresh() with {months} months marked, {book.documents:,} documents", took,
        unit="s", note="readers and writers do not wait for it"))
    return figures


MEASURES: dict[str, Callable[[Bench], list[Figure]]] = {
    **bench_measures.MEASURES,
    "refresher": refresher,
    "grouped": grouped,
}
