"""Refreshes the materialized views behind the grouped figures, once or on every change."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import click
import psycopg

from rasid_cli import db

REST = 9
"""Rests so many times as long as the last refresh took: a tenth of the time is spent refreshing."""
PAUSE = 1.0
"""Seconds between two looks for marks while nothing changes."""


def refresh(connection: psycopg.Connection[Any]) -> int:
    """Refresh, in a transaction of its own; the number of marks taken away."""
    # Told with begin: in autocommit the level would be what the database has for all.
    connection.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
    with connection.transaction():
        row = connection.execute("select calc.refresh()").fetchone()
    assert row is not None and isinstance(row[0], int)  # noqa: S101
    return row[0]


def watch(
    connection: psycopg.Connection[Any], stop: threading.Event
) -> Iterator[tuple[int, float]]:
    """Refresh whenever something is marked, until `stop` is set: marks and seconds of each."""
    while not stop.is_set():
        started = time.monotonic()
        marks = refresh(connection)
        took = time.monotonic() - started
        if marks:
            yield marks, took
        stop.wait(max(PAUSE, REST * took))


class Refresher:
    """Watches in a thread of its own, on a connection of its own, until it is left."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="refresher", daemon=True)

    def __enter__(self) -> Refresher:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(1)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                with psycopg.connect(
                    self._dsn, autocommit=True, application_name="rasid refresh"
                ) as connection:
                    for _ in watch(connection, self._stop):
                        pass
            except psycopg.Error as error:
                # Readers are right without it: say it and come back.
                if not self._stop.is_set():
                    click.echo(f"refresh: {error}", err=True)
                self._stop.wait(60)


@click.command("refresh")
@click.option("--watch", "is_watching", is_flag=True,
              help="Stay, and refresh whenever something changed. Ctrl-C stops.")
def command(is_watching: bool) -> None:
    """Refresh the materialized views behind the grouped figures.

    They are never stale without it, only slower: what changed since the last refresh is computed at
    each read. Never makes a writer or a reader wait. With --watch it rests nine times as long as
    the last refresh took.
    """
    with db.connect() as connection:
        if is_watching:
            for marks, took in watch(connection, threading.Event()):
                click.echo(f"{datetime.now():%H:%M:%S} refreshed in {took:.1f} s: {marks} marks")
        else:
            click.echo(f"refreshed: {refresh(connection)} marks")
