"""What the statistics cost: a writer's rate beside the refresher, and what a grouped view takes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from rasid_cli import bench_measures
from rasid_cli.bench_books import Bench, Book
from rasid_cli.bench_measures import clock, describe, pairs, undone, value
from rasid_cli.bench_tools import Figure, interleaved, median, ratio, wall
from rasid_cli.refresh import PAUSE, REST, watch

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
    """A writer's rate with the refresher running against without, and during a refresh.

    The side with it is reckoned over whole turns, from the beginning of a refresh to that of
    another: a round that ends within a rest would have too much of the one or the other. The marks
    of the other side are taken away before, so that each refresh finds those of one turn. Which
    side comes first changes from round to round, so that what drifts on the machine hits both. The
    second figure needs no other side: it compares seconds that follow each other.
    """
    book = bench.book(bench.sizes[0 if bench.is_quick else 1])
    with book.connect() as connection:
        connection.execute("select calc.mark_all()")
        alone = clock(connection, "select calc.refresh()")
    # A refresh takes about twice as long beside a writer; a turn is that and its rest.
    turn = max(2 * alone * (1 + REST), PAUSE)
    seconds = max(bench.seconds, 2 * turn + 2)
    found: dict[str, list[float]] = {"without": [], "with": []}
    seen: list[Refresh] = []
    during: list[float] = []

    def without() -> None:
        found["without"].append(pairs(bench, book, "doc", seconds=seconds).rate)

    def beside() -> None:
        with book.connect() as connection:
            connection.execute("select calc.refresh()")
        refreshes: list[Refresh] = []
        with refreshing(book, refreshes):
            run = pairs(bench, book, "doc", seconds=seconds)
        seen.extend(refreshes)
        whole = [each for each in refreshes if each.ended <= run.course[-1][0]]
        during.extend(
            run.rate_between(each.began, each.ended)
            / run.rate_between(each.ended, each.ended + max(each.took, PAUSE))
            for each in whole
            if each.took > 2 and each.ended + each.took <= run.course[-1][0]
        )
        # On a machine busy with something else it may be less than one whole turn.
        found["with"].append(
            run.rate_between(whole[0].began, whole[-1].began) if len(whole) > 1 else run.rate)

    for number in range(1 if bench.is_quick else 4):
        for side in (without, beside) if number % 2 == 0 else (beside, without):
            side()
    took = median([each.took for each in seen])
    share = took / (took + max(PAUSE, REST * took))
    figures = [Figure(
        f"a writer's rate with rasid refresh --watch against without, {book.documents:,} documents",
        ratio(found, "with", "without"), 0.9,
        note=f"{describe(found, ' pairs/s')}; {len(seen)} refreshes of {took:.1f} s in"
             f" {len(found['with'])} rounds of {seconds:.0f} s, {alone:.1f} s without a writer;"
             " rounds " + ", ".join(
                 f"{with_it / without_it:.2f}"
                 for with_it, without_it in zip(found["with"], found["without"], strict=True)))]
    if during:
        figures.append(Figure(
            "a writer's rate during a refresh against the seconds after it", median(during),
            note=f"a refresh has {share:.0%} of the time: over a whole turn that is"
                 f" {1 - share * (1 - median(during)):.2f}"))
    return figures


@dataclass(frozen=True)
class Refresh:
    """A refresh: when it began, in seconds since the epoch, and how many seconds it took."""

    began: float
    took: float

    @property
    def ended(self) -> float:
        """When it ended, in seconds since the epoch."""
        return self.began + self.took


@contextmanager
def refreshing(book: Book, seen: list[Refresh]) -> Iterator[None]:
    """The refresher beside the block, waited for at its end; adds each refresh."""
    stop = threading.Event()

    def run() -> None:
        with book.connect() as connection:
            for _, took in watch(connection, stop):
                seen.append(Refresh(time.time() - took, took))

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
            found = interleaved(1 if bench.is_quick else bench.rounds, {
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
