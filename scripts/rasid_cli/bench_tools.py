"""How the benchmark takes a measurement: pgbench, interleaved rounds, watchers beside them."""

from __future__ import annotations

import math
import os
import re
import statistics
import subprocess
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg

from rasid_cli.bench_books import environment_of

_PROGRESS = re.compile(r"^progress: ([0-9.]+) s, ([0-9.]+) tps", re.MULTILINE)
_LATENCY = re.compile(r"^\s+([0-9.]+)\s+\d+\s+(?:insert|select)\b", re.MULTILINE)


@dataclass(frozen=True)
class Figure:
    """One row of the table: what was measured, what it has to reach, what it reached.

    `target` null: shown for comparison only.
    """

    measure: str
    figure: float
    target: float | None = None
    is_floor: bool = True  # the figure has to be at least the target, else at most
    unit: str = ""
    note: str = ""

    @property
    def is_met(self) -> bool | None:
        """Whether the target is reached; null without one."""
        if self.target is None:
            return None
        return self.figure >= self.target if self.is_floor else self.figure <= self.target


@dataclass(frozen=True)
class Run:
    """What pgbench said.

    Transactions, transactions a second, seconds of each statement; and of each second of the run
    its end (seconds since the epoch) and its rate.
    """

    transactions: int
    rate: float
    latency: list[float]
    course: list[tuple[float, float]]

    def rate_between(self, begin: float, end: float) -> float:
        """Transactions a second of the seconds that ended within a stretch of time."""
        return statistics.fmean(rate for at, rate in self.course if begin < at <= end)


def pgbench(
    bindir: Path,
    dsn: str,
    script: str,
    *,
    seconds: float,
    clients: int = 1,
    is_durable: bool = True,
    core: int | None = None,
    variables: Mapping[str, int] | None = None,
) -> Run:
    """Run a script for so many seconds, by prepared statements; on `core` alone if one is given."""
    options = "" if is_durable else "-c synchronous_commit=off"
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        done = subprocess.run(
            [bindir / "pgbench", "--no-vacuum", "--protocol=prepared", "--report-per-command",
             "--progress=1", "--progress-timestamp",
             f"--client={clients}", f"--time={math.ceil(seconds)}", f"--file={file.name}",
             *(f"--define={name}={value}" for name, value in (variables or {}).items())],
            env={**os.environ, **environment_of(dsn), "PGOPTIONS": options},
            preexec_fn=None if core is None else lambda: os.sched_setaffinity(0, {core}),
            capture_output=True, text=True, check=False,
        )
    if done.returncode != 0:
        raise RuntimeError(f"pgbench failed: {done.stderr.strip()[-2000:]}")
    rate = re.search(r"tps = ([0-9.]+)", done.stdout)
    transactions = re.search(r"transactions actually processed: (\d+)", done.stdout)
    assert rate and transactions  # noqa: S101
    return Run(int(transactions[1]), float(rate[1]),
               [float(found) / 1000 for found in _LATENCY.findall(done.stdout)],
               [(float(at), float(rate)) for at, rate in _PROGRESS.findall(done.stderr)])


def interleaved(
    rounds: int, sides: Mapping[str, Callable[[], float]]
) -> dict[str, list[float]]:
    """Measure every side in turn, again and again: A B A B …, so that noise hits them alike."""
    found: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, side in sides.items():
            found[name].append(side())
    return found


def ratio(found: Mapping[str, Sequence[float]], above: str, below: str) -> float:
    """Median of the rounds' ratios of two sides."""
    return statistics.median(
        a / b for a, b in zip(found[above], found[below], strict=True)
    )


def median(values: Sequence[float]) -> float:
    """Median, the mean of the two in the middle for an even number."""
    return statistics.median(values)


def slope(points: Sequence[tuple[float, float]]) -> float:
    """Slope of the least-squares line through (x, y)."""
    return statistics.linear_regression(*zip(*points, strict=True)).slope


def exponent(points: Sequence[tuple[float, float]]) -> float:
    """How y grows with x as a power of it: 1 is linear, 2 quadratic."""
    return slope([(math.log(x), math.log(y)) for x, y in points])


def timed(do: Callable[[], object]) -> float:
    """Seconds that a call takes."""
    start = time.perf_counter()
    do()
    return time.perf_counter() - start


def wall(connection: psycopg.Connection[Any], query: str, *parameters: object) -> float:
    """Seconds the server takes for a query, planning included, rows not sent."""
    row = connection.execute(
        f"explain (analyze, timing off, summary on, format json) {query}", parameters
    ).fetchone()
    assert row  # noqa: S101
    return float(row[0][0]["Planning Time"] + row[0][0]["Execution Time"]) / 1000


class Watcher:
    """Looks at something again and again in a thread of its own while the block runs."""

    def __init__(self, look: Callable[[], None], every: float) -> None:
        self._look = look
        self._every = every
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        while not self._is_over.wait(self._every):
            self._look()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, _type: type[BaseException] | None, _error: BaseException | None,
                 _trace: TracebackType | None) -> None:
        self._is_over.set()
        self._thread.join()


class LockWatcher(Watcher):
    """Counts, by kind of lock, the sightings of a lock that is waited for in a database."""

    def __init__(self, dsn: str) -> None:
        self.waits: Counter[str] = Counter()
        self.sightings = 0
        self._connection = psycopg.connect(dsn, autocommit=True)
        super().__init__(self._count, 0.02)

    def _count(self) -> None:
        rows = self._connection.execute(
            """
            select l.locktype
            from pg_locks l
            join pg_stat_activity a on a.pid = l.pid
            where not l.granted and a.datname = current_database()
            """
        ).fetchall()
        self.sightings += 1
        self.waits.update(row[0] for row in rows)

    def __exit__(self, *error: Any) -> None:
        super().__exit__(*error)
        self._connection.close()


class MemoryWatcher(Watcher):
    """The most anonymous memory that a backend of this machine has: shared buffers don't count."""

    def __init__(self, pid: int) -> None:
        self.peak = 0
        self._status = Path(f"/proc/{pid}/status")
        super().__init__(self.look, 0.05)

    def look(self) -> None:
        """Look once."""
        found = re.search(r"^RssAnon:\s+(\d+) kB", self._status.read_text(), re.MULTILINE)
        if found:
            self.peak = max(self.peak, int(found[1]) * 1024)
